import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.hl7.fhir.common.hapi.validation.support.CachingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * HL7's own validator (org.hl7.fhir.validation) over lines of "profile or nothing, tab, resource": answers each line
 * with the places and codes of its errors, never with what stands there. The first argument is a folder of profiles.
 */
public class Judge {
    public static void main(String[] args) throws Exception {
        FhirContext context = FhirContext.forR4();
        PrePopulatedValidationSupport profiles = new PrePopulatedValidationSupport(context);
        if (args.length > 0) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(Path.of(args[0]), "{StructureDefinition,CodeSystem,ValueSet}-*.json")) {
                for (Path file : files) {
                    IBaseResource one = context.newJsonParser().parseResource(Files.readString(file));
                    profiles.addResource(one);
                }
            }
        }
        ValidationSupportChain chain = new ValidationSupportChain(
                new DefaultProfileValidationSupport(context), profiles,
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context));
        FhirInstanceValidator official = new FhirInstanceValidator(new CachingValidationSupport(chain));
        official.setAnyExtensionsAllowed(true);
        official.setErrorForUnknownProfiles(false);
        FhirValidator validator = context.newValidator().registerValidatorModule(official);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int tab = line.indexOf('\t');
            ValidationOptions options = new ValidationOptions();
            if (tab > 0) {
                options.addProfile(line.substring(0, tab));
            }
            StringJoiner told = new StringJoiner(";");
            for (SingleValidationMessage one : validator.validateWithResult(line.substring(tab + 1), options).getMessages()) {
                if (one.getSeverity().ordinal() >= 2) {
                    told.add(one.getSeverity() + " " + one.getLocationString() + " " + one.getMessageId());
                }
            }
            System.out.println("told " + told);
        }
    }
}
