<?php
/* An institution's own door of the national contract, with PHP's SoapServer, and the page of its annexes:

   MI_CARPETA=datos MI_URL=http://127.0.0.1:7955 php -S 127.0.0.1:7955 puerta.php

   What comes is kept in MI_CARPETA: recibidos/CUO/ a document, enviados/CUO/ the cargo of one that nacional.php sent. */

const WSDL = __DIR__ . '/../../../../schemas/iotramite/Tramite.wsdl';

function said(string $code, string $text): array
{
    return ['return' => ['vcodres' => $code, 'vdesres' => $text]];
}

/** A folder of ours for that CUO, '' if there can be none. */
function folder(string $box, string $cuo): string
{
    return preg_match('/^[0-9]{10}$/', $cuo) ? getenv('MI_CARPETA') . "/$box/$cuo" : '';
}

/** SoapServer decodes base64Binary once; what is inside is base64 again. */
function keep(string $folder, string $name, object $told, string $field): bool
{
    $pdf = base64_decode($told->$field ?? '', true);
    if (!is_string($pdf) || !str_starts_with($pdf, '%PDF')) {
        return false;
    }
    unset($told->$field);
    file_put_contents("$folder/$name.pdf", $pdf);
    file_put_contents("$folder/$name.json.new", json_encode($told, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE));
    return rename("$folder/$name.json.new", "$folder/$name.json");       // the last step: all of it, or nothing
}

class Tramite
{
    function recepcionarTramiteResponse(object $call): array
    {
        $told = $call->recepcionRequest;
        $folder = folder('recibidos', $told->vcuo ?? '');
        if (!$folder) {
            return said('0003', 'CUO no valido');
        }
        if (!is_file("$folder/documento.json")) {                      // the same one again is answered the same
            is_dir($folder) || mkdir($folder, 0700, true);
            if (!keep($folder, 'documento', $told, 'bpdfdoc')) {
                return said('0003', 'El Documento Principal no es un archivo PDF válido');
            }
        }
        return said('0000', "El documento N° CUO $told->vcuo se encuentra a disposición para su recepción formal.");
    }

    function consultarTramiteResponse(object $call): array
    {
        $folder = folder('recibidos', $call->request ?? '');
        if (!$folder || !is_file("$folder/documento.json")) {
            return said('0001', 'DATOS NO ENCONTRADOS');
        }
        return ['return' => ['vcodres' => '0000', 'vdesres' => 'DATOS ENCONTRADOS', 'cflgest' => 'P']];
    }

    function cargoResponse(object $call): array
    {
        $folder = folder('enviados', $call->cargoRequest->vcuo ?? '');
        if (!$folder || !is_dir($folder)) {
            return said('-1', 'NO SE PUDO REGISTRAR EL CARGO');
        }
        if (is_file("$folder/cargo.json")) {
            return said('0002', 'EL CARGO YA SE ENCUENTRA REGISTRADO');
        }
        $is_kept = keep($folder, 'cargo', $call->cargoRequest, 'bcarstd');
        return $is_kept ? said('0000', 'RECEPCION DE CARGO EXITOSO') : said('-1', 'NO SE PUDO REGISTRAR EL CARGO');
    }
}

/** GET /anexos/CUO lists the annexes with their digests; GET /anexos/CUO/NAME gives one. */
function annexes(string $path): void
{
    [, , $cuo, $name] = explode('/', $path, 4) + ['', '', '', ''];
    $folder = folder('enviados', $cuo) . '/anexos';
    if (!is_dir($folder)) {
        http_response_code(404);
    } elseif ($name !== '') {
        $file = "$folder/" . basename(rawurldecode($name));
        is_file($file) || exit(http_response_code(404));
        header('Content-Type: application/octet-stream');
        header('Content-Length: ' . filesize($file));
        readfile($file);
    } else {
        $listed = array_map(fn ($file) => [
            'direccion' => getenv('MI_URL') . "/anexos/$cuo/" . rawurlencode(basename($file)),
            'sha256' => hash_file('sha256', $file), 'nombreArchivo' => basename($file),
        ], glob("$folder/*"));
        header('Content-Type: application/json');
        echo json_encode(['documentos' => $listed]);
    }
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (str_starts_with($path, '/anexos/')) {
    annexes($path);
} else {                                                               // GET gives the WSDL, POST is a call
    $server = new SoapServer(WSDL, ['cache_wsdl' => WSDL_CACHE_NONE]);
    $server->setClass('Tramite');
    $server->handle();
}
