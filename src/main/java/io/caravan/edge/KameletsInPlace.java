package io.caravan.edge;

import java.lang.reflect.Proxy;
import org.apache.camel.CamelContext;
import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.spi.ManagementAgent;

/**
 * Lets an exchange pass through a Kamelet as it is. Camel 4.18 copies it there and back, with every
 * variable, unless its management agent says that routes of Kamelets are routes like others; there
 * is no other switch (KameletProducer.doInit).
 */
public final class KameletsInPlace {

  private static final String SWITCH = "getRegisterRoutesCreateByKamelet";

  private KameletsInPlace() {}

  /** Sets it, before any endpoint is made. */
  public static void in(CamelContext context) {
    var types = new Class<?>[] {ManagementAgent.class};
    var agent =
        Proxy.newProxyInstance(
            ManagementAgent.class.getClassLoader(),
            types,
            (proxy, method, arguments) -> nothing(method.getReturnType(), method.getName()));
    context.getManagementStrategy().setManagementAgent((ManagementAgent) agent);
  }

  /** The agent manages nothing. */
  private static Object nothing(Class<?> type, String method) {
    if (type == ManagementStatisticsLevel.class) return ManagementStatisticsLevel.Off;
    if (type == boolean.class || type == Boolean.class) return method.equals(SWITCH);
    return type == int.class || type == Integer.class ? 0 : null;
  }
}
