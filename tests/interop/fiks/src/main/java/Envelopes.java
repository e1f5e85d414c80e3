import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import no.ks.fiks.io.asice.AsicHandler;
import no.ks.fiks.io.asice.model.Content;
import no.ks.fiks.io.asice.model.KeystoreHolder;
import no.ks.fiks.io.asice.model.StreamContent;
import no.ks.kryptering.CMSKrypteringImpl;

/** Seals and opens by KS' own libraries: what our envelopes are held against. */
public final class Envelopes {
    private static final char[] WORD = "standin".toCharArray();

    public static void main(String[] told) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = new FileInputStream(told[1])) {
                store.load(in, WORD);
            }
            String alias = store.aliases().nextElement();
            PrivateKey key = (PrivateKey) store.getKey(alias, WORD);
            switch (told[0]) {
                case "seal" -> seal(store, alias, workers, told);
                case "open" -> open(store, alias, key, workers, told);
                case "close" -> Files.write(Path.of(told[4]),
                    new CMSKrypteringImpl().krypterData(Files.readAllBytes(Path.of(told[3])), certificate(told[2])));
                case "disclose" -> Files.write(Path.of(told[3]),
                    new CMSKrypteringImpl().dekrypterData(Files.readAllBytes(Path.of(told[2])), key));
                default -> throw new IllegalArgumentException(told[0]);
            }
        } finally {
            workers.shutdownNow();
        }
        System.exit(0); // the library leaves a pool of threads of its own behind after sealing, which nobody can end
    }

    /** seal KEYS CERTIFICATE OUT FILE... */
    private static void seal(KeyStore store, String alias, ExecutorService workers, String[] told) throws Exception {
        List<Content> files = new ArrayList<>();
        for (int at = 4; at < told.length; at++) {
            files.add(new StreamContent(new FileInputStream(told[at]), Path.of(told[at]).getFileName().toString()));
        }
        try (InputStream sealed = handler(store, alias, null, workers).encrypt(certificate(told[2]), files)) {
            Files.write(Path.of(told[3]), sealed.readAllBytes());
        }
    }

    /** open KEYS SEALED FOLDER: the container's signature and digests are looked at by the library. */
    private static void open(KeyStore store, String alias, PrivateKey key, ExecutorService workers, String[] told)
        throws Exception {
        Path zip = Path.of(told[3], "opened.zip");
        handler(store, alias, key, workers).writeDecrypted(new FileInputStream(told[2]), zip);
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry one = in.getNextEntry(); one != null; one = in.getNextEntry()) {
                Files.write(Path.of(told[3], one.getName()), in.readAllBytes());
            }
        }
    }

    private static AsicHandler handler(KeyStore store, String alias, PrivateKey key, ExecutorService workers) {
        KeystoreHolder holder = KeystoreHolder.builder().withKeyStore(store).withKeyStorePassword(new String(WORD))
            .withKeyAlias(alias).withKeyPassword(new String(WORD)).build();
        return AsicHandler.builder().withKeyStoreHolder(holder).withExecutorService(workers)
            .withPrivateNokler(key == null ? List.of() : List.of(key)).build();
    }

    private static X509Certificate certificate(String path) throws Exception {
        try (InputStream in = new FileInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
