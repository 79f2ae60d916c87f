<?php
/* The hub's own contract with SoapClient, DOM and openssl. Reads MESA_URL, MESA_RUC, MESA_CERT, MI_RUC, MI_CLAVE, MI_CERT.

   php propio.php presentar RUC_DESTINO ASUNTO DOCUMENTO [ANEXO ...]   leave the documents, hand in the signed Sobre
   php propio.php consultar CUO                                        everything that was said about it, checked
   php propio.php recoger CARPETA                                      fetch what waits for us, documents too; give each Acuse
   php propio.php cargo SOBRE.xml NUMERO                               it was registered here
   php propio.php observar SOBRE.xml TEXTO                             something is missing */

const NS = 'urn:pe:mesa-integrada:1';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';       // for an RSA key: ...#rsa-sha256, and no raw()

// ---- XML and its signature (schemas/firma.xsd)

function element(DOMNode $parent, string $name, array|string $content): DOMElement
{
    $made = $parent->appendChild(($parent->ownerDocument ?? $parent)->createElementNS(NS, $name));
    foreach (is_array($content) ? $content : [] as $key => $one) {
        foreach (is_array($one) && array_is_list($one) && $one ? $one : [$one] as $each) {      // a list repeats its element
            element($made, $key, $each);
        }
    }
    if (is_string($content)) {
        $made->appendChild($made->ownerDocument->createTextNode($content));
    }
    return $made;
}

/** The message as signed bytes: its digest, the signature over the digest, and both as last child of the root. */
function seal(string $name, array $content): string
{
    $root = element(new DOMDocument('1.0', 'UTF-8'), $name, $content);
    $digest = base64_encode(hash('sha256', $root->C14N(true), true));
    $signed = '<ds:SignedInfo xmlns:ds="' . DS . '"><ds:CanonicalizationMethod Algorithm="' . C14N . '"></ds:CanonicalizationMethod>'
        . '<ds:SignatureMethod Algorithm="' . ECDSA . '"></ds:SignatureMethod><ds:Reference URI=""><ds:Transforms>'
        . '<ds:Transform Algorithm="' . DS . 'enveloped-signature"></ds:Transform><ds:Transform Algorithm="' . C14N . '"></ds:Transform>'
        . '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
        . "<ds:DigestValue>$digest</ds:DigestValue></ds:Reference></ds:SignedInfo>";          // already canonical
    $signature = $root->ownerDocument->createDocumentFragment();
    $signature->appendXML('<ds:Signature xmlns:ds="' . DS . '">' . $signed . '<ds:SignatureValue>' . base64_encode(sign($signed))
        . '</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>' . base64_encode(der(getenv('MI_CERT')))
        . '</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>');
    $root->appendChild($signature);
    return $root->ownerDocument->saveXML();
}

/** What the hub signed, read only after its signature holds: a message of it, for us. */
function opened(string $bytes): DOMElement
{
    $document = new DOMDocument();
    if (str_contains($bytes, '<!DOCTYPE') || !$document->loadXML($bytes, LIBXML_NONET)) {
        throw new Exception('No es un mensaje');
    }
    $root = $document->documentElement;
    $signature = $root->lastChild;
    if ($document->getElementsByTagNameNS(DS, 'Reference')->length !== 1
        || $document->getElementsByTagNameNS(DS, 'Reference')[0]->getAttribute('URI') !== '') {
        throw new Exception('REFERENCIA_NO_ADMITIDA');
    }
    $digest = $signature->getElementsByTagNameNS(DS, 'DigestValue')[0]->textContent;
    $signed = $signature->getElementsByTagNameNS(DS, 'SignedInfo')[0]->C14N(true);
    $raw = base64_decode($signature->getElementsByTagNameNS(DS, 'SignatureValue')[0]->textContent);
    $root->removeChild($signature);
    $is_whole = base64_decode($digest) === hash('sha256', $root->C14N(true), true);
    if (!$is_whole || openssl_verify($signed, unraw($raw), file_get_contents(getenv('MESA_CERT')), 'sha256') !== 1) {
        throw new Exception('FIRMA_INVALIDA');
    }
    if (text($root, 'RucEmisor') !== getenv('MESA_RUC') || text($root, 'RucReceptor') !== getenv('MI_RUC')) {
        throw new Exception('RECEPTOR_EQUIVOCADO');
    }
    $root->setAttribute('digest', $digest);                             // an Acuse says it back
    return $root;
}

function text(DOMElement $root, string $name): string
{
    return $root->getElementsByTagNameNS(NS, $name)[0]?->textContent ?? '';
}

function der(string $pem_file): string
{
    return base64_decode(preg_replace('/-----[^-]+-----|\s/', '', file_get_contents($pem_file)));
}

/** r and s, 32 bytes each, as XML Signature and JWT want them; openssl gives an ASN.1 SEQUENCE of two INTEGERs. */
function sign(string $data): string
{
    openssl_sign($data, $asn1, file_get_contents(getenv('MI_CLAVE')), 'sha256');
    $r = substr($asn1, 4, ord($asn1[3]));
    $s = substr($asn1, 6 + strlen($r));
    return implode(array_map(fn ($one) => str_pad(ltrim($one, "\0"), 32, "\0", STR_PAD_LEFT), [$r, $s]));
}

function unraw(string $raw): string
{
    $integers = '';
    foreach (str_split($raw, 32) as $one) {
        $one = ltrim($one, "\0");
        $one = ord($one[0]) > 127 ? "\0$one" : $one;
        $integers .= "\x02" . chr(strlen($one)) . $one;
    }
    return "\x30" . chr(strlen($integers)) . $integers;
}

/** A credential for one call, good for four minutes. */
function credential(): string
{
    $encode = fn ($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $header = ['alg' => 'ES256', 'typ' => 'JWT', 'x5t#S256' => $encode(hash('sha256', der(getenv('MI_CERT')), true))];
    $claims = ['iss' => getenv('MI_RUC'), 'aud' => getenv('MESA_RUC'), 'iat' => time(), 'exp' => time() + 240, 'jti' => uuid()];
    $unsigned = $encode(json_encode($header)) . '.' . $encode(json_encode($claims));
    return "$unsigned." . $encode(sign($unsigned));
}

function uuid(): string
{
    return preg_replace('/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/', '$1-$2-4$3-8$4-$5', bin2hex(random_bytes(17)));
}

// ---- the calls: SOAP for messages, REST for documents and for the tray

function mesa(): SoapClient
{
    $address = getenv('MESA_URL') . '/soap/mesadepartes';
    return new SoapClient("$address?wsdl", ['location' => $address, 'cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
}

/** One call over REST; gives the open stream and its headers, by name. `content` is a text or nothing. */
function call(string $method, string $url, array $headers = [], string $content = ''): array
{
    $headers[] = 'Authorization: Bearer ' . credential();
    $asked = ['method' => $method, 'header' => $headers, 'content' => $content];
    $stream = fopen($url, 'r', false, stream_context_create(['http' => $asked]));
    if (!$stream) {
        throw new Exception("$method $url");
    }
    foreach (stream_get_meta_data($stream)['wrapper_data'] as $line) {
        [$name, $value] = explode(':', $line, 2) + ['', ''];
        $answered[strtolower($name)] = trim($value);
    }
    return [$stream, $answered];
}

/** tus 1.0: say how long it is and its SHA-256, then send what the hub does not have yet, in pieces. */
function leave(string $file): string
{
    $sha256 = hash_file('sha256', $file);
    $announced = ['Tus-Resumable: 1.0.0', 'Upload-Length: ' . filesize($file), 'Upload-Metadata: sha256 ' . base64_encode($sha256)];
    [, $answered] = call('POST', getenv('MESA_URL') . '/api/v1/documentos', $announced);
    $place = getenv('MESA_URL') . parse_url($answered['location'], PHP_URL_PATH);
    for ($at = (int) $answered['upload-offset']; $at < filesize($file); $at += strlen($piece)) {
        $piece = file_get_contents($file, false, null, $at, 4 << 20);
        call('PATCH', $place, ['Tus-Resumable: 1.0.0', "Upload-Offset: $at", 'Content-Type: application/offset+octet-stream'], $piece);
    }
    return $sha256;
}

// ---- what is asked for

function heading(array $more): array
{
    return ['IdMensaje' => uuid(), 'Version' => '1.0', 'RucEmisor' => getenv('MI_RUC'), 'RucReceptor' => getenv('MESA_RUC')] + $more;
}

/** The heading of what answers a Sobre, said in the order of the schema. */
function answering(DOMElement $sobre): array
{
    return heading(['NumeroTramite' => text($sobre, 'NumeroTramite'), 'Cuo' => text($sobre, 'Cuo'), 'FechaEmision' => date('c'), 'RespondeA' => text($sobre, 'IdMensaje')]);
}

function presentar(string $to, string $subject, string ...$files): void
{
    $documents = array_map(fn ($file, $at) => [
        'Rol' => $at ? 'anexo' : 'principal', 'NombreArchivo' => basename($file), 'TipoMedio' => mime_content_type($file),
        'Bytes' => (string) filesize($file), 'Sha256' => leave($file),
    ], $files, array_keys($files));
    $cuo = sprintf('%010d', random_int(0, 9_999_999_999));              // our own number; keep it, and the Sobre, before sending
    $said = mesa()->recibirSobre(['mensaje' => seal('Sobre', [
        'Cabecera' => heading(['Cuo' => $cuo, 'FechaEmision' => date('c')]),
        'Administrado' => ['TipoIdentidad' => 'dni', 'NumeroIdentidad' => '10117410', 'Nombres' => 'Rosa Ñahui Quispe', 'Ruc' => getenv('MI_RUC'), 'RazonSocial' => 'ENTIDAD DE PRUEBA'],
        'RucDestino' => $to, 'Destinatario' => [], 'TipoDocumento' => 'oficio', 'NumeroDocumento' => "$cuo-SG", 'Asunto' => $subject,
        'Folios' => '1', 'FechaPresentacion' => date('c'), 'FechaConsiderada' => date('Y-m-d'), 'Modalidad' => 'propia',
        'Mostrador' => 'sistema', 'Documento' => $documents,
    ])]);
    echo "cuo: $cuo\nestado: $said->estado\n";
    if (isset($said->acuse)) {
        echo 'tramite: ', text(opened($said->acuse), 'NumeroTramite'), "\n";
    }
}

function consultar(string $cuo): void
{
    $said = mesa()->consultarSobre(['credencial' => credential(), 'cuo' => $cuo]);
    echo "estado: $said->estado\n";
    foreach ($said->mensaje ?? [] as $bytes) {
        $message = opened($bytes);
        $words = ['NumeroTramite', 'NumeroRegistro', 'Observacion', 'Movimiento'];
        echo "$message->localName: ", implode(' ', array_filter(array_map(fn ($word) => text($message, $word), $words))), "\n";
    }
}

/** Everything that waits: each is kept, its documents with it, and only then confirmed. */
function recoger(string $folder): void
{
    if (!is_dir($folder) && !@mkdir($folder, 0700, true)) {
        throw new Exception("No se puede crear la carpeta $folder");
    }
    [$listed] = call('GET', getenv('MESA_URL') . '/api/v1/mensajes');
    foreach (json_decode(stream_get_contents($listed))->mensajes as $one) {
        [$stream] = call('GET', $one->direccion);
        $bytes = stream_get_contents($stream);
        $message = opened($bytes);
        file_put_contents("$folder/$one->id.xml", $bytes);
        foreach ($message->getElementsByTagNameNS(NS, 'Documento') as $document) {
            [$stream] = call('GET', text($document, 'Direccion'));
            $file = "$folder/" . basename(text($document, 'NombreArchivo'));
            file_put_contents($file, $stream);
            if (hash_file('sha256', $file) !== text($document, 'Sha256')) {
                throw new Exception('DOCUMENTO_ALTERADO');
            }
        }
        if ($message->localName !== 'Sobre') {
            call('PUT', "$one->direccion/recibido", ['Content-Length: 0']);
        } else {
            mesa()->recibirMensaje(['mensaje' => seal('Acuse', [
                'Cabecera' => answering($message), 'DigestSobre' => $message->getAttribute('digest'), 'EnPoderDesde' => date('c'),
            ])]);
        }
        echo "$message->localName: $folder/$one->id.xml\n";
    }
}

function give(string $sobre, string $kind, array $content): void
{
    $cargo = ['Cabecera' => answering(opened(file_get_contents($sobre))), $kind => ['FechaRegistro' => date('c')] + $content];
    echo 'estado: ', mesa()->recibirMensaje(['mensaje' => seal('Cargo', $cargo)])->estado, "\n";
}

function cargo(string $sobre, string $number): void
{
    give($sobre, 'Registrado', ['NumeroRegistro' => $number, 'AnioRegistro' => date('Y'), 'Unidad' => 'Mesa de Partes']);
}

function observar(string $sobre, string $remark): void
{
    give($sobre, 'Observado', ['Observacion' => $remark]);
}

if (!in_array($argv[1] ?? '', ['presentar', 'consultar', 'recoger', 'cargo', 'observar'])) {
    exit("php propio.php presentar | consultar | recoger | cargo | observar ...\n");
}
$argv[1](...array_slice($argv, 2));
