import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.test.config.TestR4Config;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** HAPI FHIR's JPA server on H2 in memory, for R4, on a free port of loopback; prints its address when it answers. */
public class HapiServer {
    public static void main(String[] args) throws Exception {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(TestR4Config.class);
        JpaStorageSettings settings = context.getBean(JpaStorageSettings.class);
        settings.setReuseCachedSearchResultsForMillis(null);
        RestfulServer fhir = new RestfulServer(context.getBean(FhirContext.class));
        fhir.registerProviders(
                context.getBean("myResourceProvidersR4", ResourceProviderFactory.class).createProviders());
        fhir.registerProvider(context.getBean(JpaSystemProvider.class));
        JpaCapabilityStatementProvider statement = new JpaCapabilityStatementProvider(
                fhir, context.getBean(IFhirSystemDao.class), settings, context.getBean(ISearchParamRegistry.class),
                context.getBean(IValidationSupport.class));
        statement.setImplementationDescription("HAPI FHIR for a test");
        fhir.setServerConformanceProvider(statement);
        fhir.setPagingProvider(context.getBean(DatabaseBackedPagingProvider.class));
        fhir.setDefaultResponseEncoding(EncodingEnum.JSON);

        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler();
        servlets.setContextPath("/");
        servlets.addServlet(new ServletHolder(fhir), "/fhir/*");
        server.setHandler(servlets);
        server.start();
        System.out.println("ready http://127.0.0.1:" + connector.getLocalPort() + "/fhir");
        System.out.flush();
        server.join();
    }
}
