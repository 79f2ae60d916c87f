import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.*;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import java.util.regex.*;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.*;
import javax.xml.crypto.dsig.spec.*;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.ws.Holder;
import org.w3c.dom.*;
import pe.mesa_integrada._1.servicio.*;

/**
 * The hub's own contract with JAX-WS and the JDK. Reads MESA_URL, MESA_RUC, MESA_CERT, MI_RUC, MI_CLAVE, MI_CERT.
 *
 *   Propio presentar RUC_DESTINO ASUNTO DOCUMENTO [ANEXO ...]   leave the documents, hand in the signed Sobre
 *   Propio consultar CUO                                        everything that was said about it, checked
 *   Propio recoger CARPETA                                      fetch what waits for us, documents too; give each Acuse
 *   Propio cargo SOBRE.xml NUMERO                               it was registered here
 *   Propio observar SOBRE.xml TEXTO                             something is missing
 */
public class Propio {
    static final String NS = "urn:pe:mesa-integrada:1", HUB = System.getenv("MESA_URL"), API = HUB + "/api/v1";
    static final String ME = System.getenv("MI_RUC"), HUB_RUC = System.getenv("MESA_RUC");
    static final XMLSignatureFactory SIGNATURES = XMLSignatureFactory.getInstance("DOM");
    static final HttpClient HTTP = HttpClient.newHttpClient();

    // ---- XML and its signature (schemas/firma.xsd)

    /** What is written into an element: pairs of a name and a text, a list of such pairs, or several of those. */
    static Object[] of(Object... pairs) { return pairs; }

    static void fill(Element parent, Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            List<?> each = pairs[i + 1] instanceof List<?> list ? list : List.of(pairs[i + 1]);
            for (Object content : each) {
                Element made = parent.getOwnerDocument().createElementNS(NS, (String) pairs[i]);
                parent.appendChild(made);
                if (content instanceof Object[] inner) fill(made, inner);
                else made.setTextContent((String) content);
            }
        }
    }

    static DocumentBuilderFactory parsers() throws Exception {
        DocumentBuilderFactory made = DocumentBuilderFactory.newInstance();
        made.setNamespaceAware(true);
        made.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return made;
    }

    static byte[] seal(String name, Object... content) throws Exception {
        Document document = parsers().newDocumentBuilder().newDocument();
        Element root = document.createElementNS(NS, name);
        root.setAttribute("xmlns", NS);
        document.appendChild(root);
        fill(root, content);
        Reference whole = SIGNATURES.newReference("", SIGNATURES.newDigestMethod(DigestMethod.SHA256, null),
            List.of(SIGNATURES.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                    SIGNATURES.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)), null, null);
        String method = key().getAlgorithm().equals("EC") ? "ecdsa-sha256" : "rsa-sha256";
        SignedInfo signed = SIGNATURES.newSignedInfo(
            SIGNATURES.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
            SIGNATURES.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#" + method, null), List.of(whole));
        var keys = SIGNATURES.getKeyInfoFactory();
        var info = keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate("MI_CERT")))));
        DOMSignContext place = new DOMSignContext(key(), root);
        place.setDefaultNamespacePrefix("ds");
        SIGNATURES.newXMLSignature(signed, info).sign(place);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    /** What the hub signed, read only after its signature holds: a message of it, for us. */
    static Element opened(byte[] bytes) throws Exception {
        Element root = parsers().newDocumentBuilder().parse(new ByteArrayInputStream(bytes)).getDocumentElement();
        XMLSignature signature = SIGNATURES.unmarshalXMLSignature(new DOMStructure(root.getLastChild()));
        boolean isWhole = signature.validate(new DOMValidateContext(certificate("MESA_CERT").getPublicKey(), root.getLastChild()));
        List<Reference> covered = signature.getSignedInfo().getReferences();
        if (!isWhole || covered.size() != 1 || !covered.get(0).getURI().isEmpty()) throw new Exception("FIRMA_INVALIDA");
        if (!text(root, "RucEmisor").equals(HUB_RUC) || !text(root, "RucReceptor").equals(ME)) throw new Exception("RECEPTOR_EQUIVOCADO");
        return root;
    }

    static String text(Element root, String name) {
        NodeList found = root.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    static X509Certificate certificate(String variable) throws Exception {
        byte[] pem = Files.readAllBytes(Path.of(System.getenv(variable)));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    static PrivateKey key() throws Exception {
        String pem = Files.readString(Path.of(System.getenv("MI_CLAVE"))).replaceAll("-----[^-]+-----|\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
        return KeyFactory.getInstance(certificate("MI_CERT").getPublicKey().getAlgorithm()).generatePrivate(spec);
    }

    /** A credential for one call, good for four minutes. */
    static String credential() throws Exception {
        Base64.Encoder plain = Base64.getUrlEncoder().withoutPadding();
        boolean isEc = key().getAlgorithm().equals("EC");
        String thumb = plain.encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate("MI_CERT").getEncoded()));
        String header = "{\"alg\":\"%s\",\"typ\":\"JWT\",\"x5t#S256\":\"%s\"}".formatted(isEc ? "ES256" : "RS256", thumb);
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}"
            .formatted(ME, HUB_RUC, now, now + 240, UUID.randomUUID());
        String unsigned = plain.encodeToString(header.getBytes()) + "." + plain.encodeToString(claims.getBytes());
        Signature signing = Signature.getInstance(isEc ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
        signing.initSign(key());
        signing.update(unsigned.getBytes());
        return unsigned + "." + plain.encodeToString(signing.sign());
    }

    // ---- the calls: SOAP for messages, REST for documents and for the tray

    static Mesa mesa() throws Exception {
        return new MesaDePartes(new URL(HUB + "/soap/mesadepartes?wsdl")).getMesa();
    }

    static <T> HttpResponse<T> call(String method, String url, HttpResponse.BodyHandler<T> kept, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(HUB).resolve(url)).header("Authorization", "Bearer " + credential())
            .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) asked.headers(headers);
        HttpResponse<T> answer = HTTP.send(asked.build(), kept);
        if (answer.statusCode() >= 300) throw new Exception(method + " " + url + ": " + answer.statusCode());
        return answer;
    }

    static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) { in.transferTo(java.io.OutputStream.nullOutputStream()); }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** tus 1.0: say how long it is and its SHA-256, then send what the hub does not have yet, in pieces. */
    static String leave(Path file) throws Exception {
        String digest = sha256(file), named = Base64.getEncoder().encodeToString(digest.getBytes());
        var answer = call("POST", API + "/documentos", HttpResponse.BodyHandlers.discarding(), null, "Tus-Resumable", "1.0.0",
            "Upload-Length", String.valueOf(Files.size(file)), "Upload-Metadata", "sha256 " + named);
        String place = answer.headers().firstValue("Location").get();
        long at = answer.headers().firstValueAsLong("Upload-Offset").orElse(0);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            while (at < channel.size()) {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(4 << 20, channel.size() - at));
                channel.position(at).read(piece);
                byte[] sent = Arrays.copyOf(piece.array(), piece.position());
                call("PATCH", place, HttpResponse.BodyHandlers.discarding(), sent, "Tus-Resumable", "1.0.0",
                    "Upload-Offset", String.valueOf(at), "Content-Type", "application/offset+octet-stream");
                at += sent.length;
            }
        }
        return digest;
    }

    // ---- what is asked for

    // toString() would leave out the seconds of a full minute, and the schema asks for them
    static String now() { return OffsetDateTime.now().format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx")); }

    static Object[] answering(Element sobre) {
        return of("IdMensaje", UUID.randomUUID().toString(), "Version", "1.0", "RucEmisor", ME, "RucReceptor", HUB_RUC, "NumeroTramite",
            text(sobre, "NumeroTramite"), "Cuo", text(sobre, "Cuo"), "FechaEmision", now(), "RespondeA", text(sobre, "IdMensaje"));
    }

    static String send(byte[] message) throws Exception {
        Holder<String> id = new Holder<>(), state = new Holder<>();
        mesa().recibirMensaje(message, id, state);
        return state.value;
    }

    static void presentar(String to, String subject, String... files) throws Exception {
        List<Object> documents = new ArrayList<>();
        for (String one : files) {
            Path file = Path.of(one);
            String type = Optional.ofNullable(Files.probeContentType(file)).orElse("application/octet-stream");
            documents.add(of("Rol", documents.isEmpty() ? "principal" : "anexo", "NombreArchivo", file.getFileName().toString(),
                "TipoMedio", type, "Bytes", String.valueOf(Files.size(file)), "Sha256", leave(file)));
        }
        String cuo = "%010d".formatted(new SecureRandom().nextLong(10_000_000_000L));   // our own: keep it, and the Sobre, before sending
        byte[] sobre = seal("Sobre",
            "Cabecera", of("IdMensaje", UUID.randomUUID().toString(), "Version", "1.0", "RucEmisor", ME, "RucReceptor", HUB_RUC,
                "Cuo", cuo, "FechaEmision", now()),
            "Administrado", of("TipoIdentidad", "dni", "NumeroIdentidad", "10117410", "Nombres", "Rosa Ñahui Quispe", "Ruc", ME,
                "RazonSocial", "ENTIDAD DE PRUEBA"),
            "RucDestino", to, "Destinatario", of(), "TipoDocumento", "oficio", "NumeroDocumento", cuo + "-SG", "Asunto", subject,
            "Folios", "1", "FechaPresentacion", now(), "FechaConsiderada", LocalDate.now().toString(), "Modalidad", "propia",
            "Mostrador", "sistema", "Documento", documents);
        Holder<String> state = new Holder<>();
        Holder<byte[]> acuse = new Holder<>();
        mesa().recibirSobre(sobre, state, acuse);
        System.out.println("cuo: " + cuo + "\nestado: " + state.value);
        if (acuse.value != null) System.out.println("tramite: " + text(opened(acuse.value), "NumeroTramite"));
    }

    static void consultar(String cuo) throws Exception {
        Holder<String> state = new Holder<>();
        Holder<List<byte[]>> messages = new Holder<>();
        mesa().consultarSobre(credential(), cuo, state, messages);
        System.out.println("estado: " + state.value);
        for (byte[] bytes : messages.value == null ? List.<byte[]>of() : messages.value) {
            Element message = opened(bytes);
            StringJoiner said = new StringJoiner(" ");
            for (String word : List.of("NumeroTramite", "NumeroRegistro", "Observacion", "Movimiento"))
                if (!text(message, word).isEmpty()) said.add(text(message, word));
            System.out.println(message.getLocalName() + ": " + said);
        }
    }

    /** Everything that waits: each is kept, its documents with it, and only then confirmed. */
    static void recoger(String folder) throws Exception {
        String listed = call("GET", API + "/mensajes", HttpResponse.BodyHandlers.ofString(), null).body();
        Matcher places = Pattern.compile("\"direccion\":\\s*\"([^\"]+/mensajes/([^\"]+))\"").matcher(listed);
        while (places.find()) {
            Path kept = Path.of(folder, places.group(2) + ".xml");
            byte[] bytes = call("GET", places.group(1), HttpResponse.BodyHandlers.ofByteArray(), null).body();
            Element message = opened(bytes);
            Files.write(kept, bytes);
            NodeList documents = message.getElementsByTagNameNS(NS, "Documento");
            for (int i = 0; i < documents.getLength(); i++) {
                Element one = (Element) documents.item(i);
                Path file = Path.of(folder, Path.of(text(one, "NombreArchivo")).getFileName().toString());
                call("GET", text(one, "Direccion"), HttpResponse.BodyHandlers.ofFile(file), null);
                if (!sha256(file).equals(text(one, "Sha256"))) throw new Exception("DOCUMENTO_ALTERADO");
            }
            if (message.getLocalName().equals("Sobre"))
                send(seal("Acuse", "Cabecera", answering(message), "DigestSobre", text(message, "DigestValue"), "EnPoderDesde", now()));
            else call("PUT", places.group(1) + "/recibido", HttpResponse.BodyHandlers.discarding(), null);
            System.out.println(message.getLocalName() + ": " + kept);
        }
    }

    static void give(String sobre, String kind, Object... content) throws Exception {
        Element answered = opened(Files.readAllBytes(Path.of(sobre)));
        System.out.println("estado: " + send(seal("Cargo", "Cabecera", answering(answered), kind, content)));
    }

    public static void main(String[] a) throws Exception {
        try {
            switch (a.length == 0 ? "" : a[0]) {
                case "presentar" -> presentar(a[1], a[2], Arrays.copyOfRange(a, 3, a.length));
                case "consultar" -> consultar(a[1]);
                case "recoger" -> recoger(a[1]);
                case "cargo" -> give(a[1], "Registrado", "FechaRegistro", now(), "NumeroRegistro", a[2], "AnioRegistro",
                    String.valueOf(Year.now().getValue()), "Unidad", "Mesa de Partes");
                case "observar" -> give(a[1], "Observado", "FechaRegistro", now(), "Observacion", a[2]);
                default -> System.err.println("Propio presentar | consultar | recoger | cargo | observar ...");
            }
        } catch (Falla_Exception fault) {                              // what the hub refuses has a code: docs/contract.md
            System.err.println(fault.getFaultInfo().getCodigo() + ": " + fault.getFaultInfo().getMensaje());
            System.exit(1);
        }
    }
}
