<?php
/* The national contract with PHP's own SoapClient: file, ask, give a cargo. Reads MESA_URL, MI_RUC, MI_URL, MI_CARPETA.

   php nacional.php tipos
   php nacional.php validar RUC
   php nacional.php enviar RUC_DESTINO ASUNTO DOCUMENTO.pdf [ANEXO ...]
   php nacional.php consultar RUC_DESTINO CUO
   php nacional.php cargo RUC_REMITENTE CUO NUMERO CARGO.pdf [OBSERVACION]
   php nacional.php anexos DIRECCION CARPETA                                   what vurldocanx announces

   MI_CARPETA and MI_URL are those of puerta.php, the other half: there the annexes are fetched and the cargos arrive. */

function service(string $name): SoapClient
{
    $address = getenv('MESA_URL') . "/services/$name";
    return new SoapClient("$address?wsdl", ['location' => $address, 'cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
}

/** A PDF as the contract wants it: SoapClient encodes once, as base64Binary asks; the second time is done by hand. */
function pdf(string $file): string
{
    return base64_encode(file_get_contents($file));
}

function stop(string $why): never
{
    fwrite(STDERR, "$why\n");
    exit(1);
}

/** A folder, made where it is missing. */
function folder(string $path): string
{
    return is_dir($path) || @mkdir($path, 0700, true) ? $path : stop("No se puede crear la carpeta $path");
}

function show(object $said): void
{
    foreach ($said as $name => $value) {
        if ($name === 'bcarstd') {
            [$name, $value] = ['bcarstd_sha256', hash('sha256', base64_decode($value))];
        }
        echo "$name: $value\n";
    }
}

function enviar(string $to, string $subject, string $document, string ...$annexes): void
{
    $me = getenv('MI_RUC');
    $cuo = service('PcmCuo')->getCUOEntidad(['ruc' => $me, 'servicio' => '3011'])->return;
    if ($cuo === '-1') {
        stop("La mesa no dio un CUO: ¿llamas desde una dirección de la entidad con RUC $me?");
    }
    $folder = folder(getenv('MI_CARPETA') . "/enviados/$cuo/anexos");    // kept before it is sent: an answer can be lost
    foreach ($annexes as $annex) {
        copy($annex, "$folder/" . basename($annex));
    }
    $request = [
        'vrucentrem' => $me, 'vrucentrec' => $to, 'vnomentemi' => 'ENTIDAD DE PRUEBA', 'vuniorgrem' => 'SECRETARÍA GENERAL',
        'vcuo' => $cuo, 'ccodtipdoc' => '01', 'vnumdoc' => "$cuo-SG", 'dfecdoc' => date('c'),
        'vuniorgdst' => 'MESA DE PARTES', 'vnomdst' => 'TITULAR', 'vnomcardst' => 'TITULAR DE LA ENTIDAD', 'vasu' => $subject,
        'snumanx' => count($annexes), 'snumfol' => 1, 'bpdfdoc' => pdf($document), 'vnomdoc' => basename($document),
        'ctipdociderem' => '1', 'vnumdociderem' => '10117410',
    ];
    if ($annexes) {
        $request['lstanexos'] = array_map(fn ($annex) => ['vnomdoc' => basename($annex)], $annexes);
        $request['vurldocanx'] = getenv('MI_URL') . "/anexos/$cuo";
    }
    echo "vcuo: $cuo\n";
    show(service('PcmIMgdTramite')->recepcionarTramiteResponse(['request' => $request])->return);
}

function consultar(string $to, string $cuo): void
{
    $request = ['vrucentrem' => getenv('MI_RUC'), 'vrucentrec' => $to, 'vcuo' => $cuo];
    show(service('PcmIMgdTramite')->consultarTramiteResponse(['request' => $request])->return);
}

function cargo(string $sender, string $cuo, string $number, string $cargo, string $remark = ''): void
{
    $request = [
        'vrucentrem' => getenv('MI_RUC'), 'vrucentrec' => $sender, 'vcuo' => $cuo, 'vnumregstd' => $number, 'vanioregstd' => date('Y'),
        'dfecregstd' => date('c'), 'vuniorgstd' => 'MESA DE PARTES', 'vusuregstd' => 'OPERADOR', 'bcarstd' => pdf($cargo),
        'cflgest' => $remark ? 'O' : 'R',
    ] + ($remark ? ['vobs' => $remark] : []);
    show(service('PcmIMgdTramite')->cargoResponse(['request' => $request])->return);
}

/** The page answers a browser with a list; asked for JSON, with the same and each digest. */
function anexos(string $page, string $folder): void
{
    folder($folder);
    $asked = stream_context_create(['http' => ['header' => 'Accept: application/json']]);
    foreach (json_decode(file_get_contents($page, false, $asked))->documentos as $document) {
        $file = "$folder/" . basename($document->nombreArchivo);
        copy($document->direccion, $file);
        if (hash_file('sha256', $file) !== $document->sha256) {
            throw new Exception("$document->nombreArchivo no es lo que se anunció");
        }
        echo basename($file), ": $document->sha256\n";
    }
}

function tipos(): void
{
    foreach (service('PcmIMgdTramite')->getTipoDocumento()->return as $type) {
        echo "$type->ccodtipdoctra: $type->vnomtipdoctra\n";
    }
}

function validar(string $ruc): void
{
    echo 'return: ', service('PcmIMgdEntidad')->validarEntidad(['vrucent' => $ruc])->return, "\n";
}

if (!in_array($argv[1] ?? '', ['tipos', 'validar', 'enviar', 'consultar', 'cargo', 'anexos'])) {
    exit("php nacional.php tipos | validar | enviar | consultar | cargo | anexos ...\n");
}
foreach (['MESA_URL', 'MI_RUC', 'MI_URL', 'MI_CARPETA'] as $name) {
    getenv($name) || stop("Falta $name en el entorno: léelo antes con «. CARPETA/tuya.env»");
}
$argv[1](...array_slice($argv, 2));
