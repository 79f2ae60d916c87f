import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Calendar;
import java.util.HexFormat;
import pe.gob.pide.pcm.webservice.PcmCuoLocator;
import pe.gob.segdi.wsentidad.ws.PcmIMgdEntidadLocator;
import pe.gob.segdi.wsiopidetramite.ws.*;

/**
 * The national contract with Axis 1.4: file, ask, give a cargo. Reads MESA_URL, MI_RUC, MI_URL, MI_CARPETA.
 *
 *   Nacional tipos | validar RUC
 *   Nacional enviar RUC_DESTINO ASUNTO DOCUMENTO.pdf [ANEXO ...]
 *   Nacional consultar RUC_DESTINO CUO
 *   Nacional cargo RUC_REMITENTE CUO NUMERO CARGO.pdf [OBSERVACION]
 *
 * Annexes are copied to MI_CARPETA/enviados/CUO/anexos, which the institution's web server shows at MI_URL/anexos/CUO.
 */
public class Nacional {
    static final String HUB = System.getenv("MESA_URL"), ME = System.getenv("MI_RUC");

    static PcmIMgdTramitePortType tramite() throws Exception {
        return new PcmIMgdTramiteLocator().getPcmIMgdTramiteHttpsSoap11Endpoint(new URL(HUB + "/services/PcmIMgdTramite"));
    }

    /** A PDF as the contract wants it: Axis encodes once, as base64Binary asks; the second time is done by hand. */
    static byte[] pdf(String file) throws IOException {
        return Base64.getEncoder().encode(Files.readAllBytes(Path.of(file)));
    }

    static void show(String name, Object value) {
        if (value != null) System.out.println(name + ": " + value);
    }

    static String name(String file) {
        return Path.of(file).getFileName().toString();
    }

    static void enviar(String to, String subject, String document, String... annexes) throws Exception {
        String cuo = new PcmCuoLocator().getPcmCuoHttpsSoap11Endpoint(new URL(HUB + "/services/PcmCuo")).getCUOEntidad(ME, "3011");
        Path folder = Path.of(System.getenv("MI_CARPETA"), "enviados", cuo, "anexos");
        Files.createDirectories(folder);                               // kept before it is sent: an answer can be lost
        for (String annex : annexes) Files.copy(Path.of(annex), folder.resolve(name(annex)));

        RecepcionTramite request = new RecepcionTramite();
        request.setVrucentrem(ME);
        request.setVrucentrec(to);
        request.setVnomentemi("ENTIDAD DE PRUEBA");
        request.setVuniorgrem("SECRETARÍA GENERAL");
        request.setVcuo(cuo);
        request.setCcodtipdoc("01");
        request.setVnumdoc(cuo + "-SG");
        request.setDfecdoc(Calendar.getInstance());
        request.setVuniorgdst("MESA DE PARTES");
        request.setVnomdst("TITULAR");
        request.setVnomcardst("TITULAR DE LA ENTIDAD");
        request.setVasu(subject);
        request.setSnumfol(1);
        request.setBpdfdoc(pdf(document));
        request.setVnomdoc(name(document));
        request.setCtipdociderem("1");
        request.setVnumdociderem("10117410");
        request.setSnumanx(annexes.length);
        if (annexes.length > 0) {
            request.setLstanexos(Arrays.stream(annexes).map(one -> new DocumentoAnexo(name(one))).toArray(DocumentoAnexo[]::new));
            request.setVurldocanx(System.getenv("MI_URL") + "/anexos/" + cuo);
        }
        show("vcuo", cuo);
        RespuestaTramite said = tramite().recepcionarTramiteResponse(request);
        show("vcodres", said.getVcodres());
        show("vdesres", said.getVdesres());
    }

    static void consultar(String to, String cuo) throws Exception {
        RespuestaConsultaTramite said = tramite().consultarTramiteResponse(new ConsultaTramite(ME, to, cuo));
        show("vcodres", said.getVcodres());
        show("vdesres", said.getVdesres());
        show("cflgest", said.getCflgest());
        show("vnumregstd", said.getVnumregstd());
        show("vanioregstd", said.getVanioregstd());
        show("vobs", said.getVobs());
        if (said.getBcarstd() == null) return;
        byte[] cargo = Base64.getDecoder().decode(said.getBcarstd());
        show("bcarstd_sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(cargo)));
    }

    static void cargo(String sender, String cuo, String number, String cargo, String remark) throws Exception {
        CargoTramite request = new CargoTramite();
        request.setVrucentrem(ME);
        request.setVrucentrec(sender);
        request.setVcuo(cuo);
        request.setVnumregstd(number);
        request.setVanioregstd(String.valueOf(Calendar.getInstance().get(Calendar.YEAR)));
        request.setDfecregstd(Calendar.getInstance());
        request.setVuniorgstd("MESA DE PARTES");
        request.setVusuregstd("OPERADOR");
        request.setBcarstd(pdf(cargo));
        request.setVobs(remark);
        request.setCflgest(remark == null ? "R" : "O");
        RespuestaCargoTramite said = tramite().cargoResponse(request);
        show("vcodres", said.getVcodres());
        show("vdesres", said.getVdesres());
    }

    public static void main(String[] a) throws Exception {
        switch (a.length == 0 ? "" : a[0]) {
            case "enviar" -> enviar(a[1], a[2], a[3], Arrays.copyOfRange(a, 4, a.length));
            case "consultar" -> consultar(a[1], a[2]);
            case "cargo" -> cargo(a[1], a[2], a[3], a[4], a.length > 5 ? a[5] : null);
            case "validar" -> show("return", new PcmIMgdEntidadLocator()
                .getPcmIMgdEntidadHttpsSoap11Endpoint(new URL(HUB + "/services/PcmIMgdEntidad")).validarEntidad(a[1]));
            case "tipos" -> {
                for (IoTipoDocumentoTramite one : tramite().getTipoDocumento()) show(one.getCcodtipdoctra(), one.getVnomtipdoctra());
            }
            default -> System.err.println("Nacional tipos | validar | enviar | consultar | cargo ...");
        }
    }
}
