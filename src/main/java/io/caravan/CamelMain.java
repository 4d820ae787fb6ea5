package io.caravan;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;

/** Camel's main program with a context that adds routes faster. */
final class CamelMain extends Main {

  @Override
  protected CamelContext createCamelContext() {
    var context = new Context();
    context.getCamelContextExtension().setRegistry(registry);
    return context;
  }

  /**
   * Camel 4.18 removes each route that it is about to add, and for that gathers the endpoints of
   * all others first, even if there is nothing to remove: a tenth of a start.
   */
  private static final class Context extends DefaultCamelContext {

    Context() {
      super(false);
    }

    @Override
    public boolean removeRoute(String id) throws Exception {
      return getRouteStatus(id) != null && super.removeRoute(id);
    }
  }
}
