package io.caravan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.caravan.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule DIALECTS_ARE_PURE =
      noClasses()
          .that()
          .resideInAPackage("..dialect..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..", "io.vertx..", "java.net..", "java.nio.file..");

  @ArchTest
  static final ArchRule ONLY_THE_EDGE_KNOWS_VERTX =
      noClasses()
          .that()
          .resideOutsideOfPackages("..edge..")
          .and()
          .doNotHaveSimpleName("Ahead")
          .and()
          .doNotHaveSimpleName("Gateway")
          .and()
          .doNotHaveSimpleName("DispatchParts")
          .and()
          .resideOutsideOfPackage("..local.worker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx..");

  @ArchTest
  static final ArchRule ROUTES_ARE_YAML =
      noClasses().should().beAssignableTo("org.apache.camel.builder.RouteBuilder");

  @ArchTest
  static final ArchRule BEANS_CALL_NO_ENDPOINT =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.camel.ProducerTemplate");

  @ArchTest
  static final ArchRule NAMES_SAY_SOMETHING =
      classes().should().haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Base)");
}
