package dev.jobs4j.spring;

import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.core.JobsBuilder;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the {@code @JobHandler} and {@code @DeadLetterHandler} methods of an application by the
 * types of its beans, so that no bean is made for being looked at. Beans with such methods are made
 * when the engine starts.
 */
final class HandlerBeans implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(HandlerBeans.class);

  private record Found(String bean, Class<?> declaring, Method method, Annotation annotation) {
    Optional<JobHandler> job() {
      return annotation instanceof JobHandler handler ? Optional.of(handler) : Optional.empty();
    }

    boolean isFor(String type) {
      return job()
          .filter(job -> job.type().equals(type) || List.of(job.aliases()).contains(type))
          .isPresent();
    }

    String origin() {
      return method.getDeclaringClass().getName()
          + "."
          + method.getName()
          + " of bean '"
          + bean
          + "'";
    }
  }

  private final ConfigurableListableBeanFactory beans;
  private volatile @Nullable List<Found> settled;

  HandlerBeans(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /** Refuses two handlers of one type while the application starts, also where none is run. */
  @Override
  public void afterSingletonsInstantiated() {
    settled = look();
  }

  /**
   * The request in the queue that a handler in this application names for its type, if it names
   * none itself, so that a node that runs nothing, or nothing yet, enqueues to the same queue as
   * one that does.
   */
  <P> JobRequest<P> routed(JobRequest<P> request) {
    if (request.queue().isPresent() || request.type().queue().isPresent()) {
      return request;
    }
    Optional<JobQueue> queue = queueOf(request.type().name());
    return queue.isPresent() ? request.queue(queue.get().name()) : request;
  }

  private Optional<JobQueue> queueOf(String type) {
    return found().stream()
        .filter(found -> found.isFor(type))
        .findFirst()
        .flatMap(Found::job)
        .map(job -> JobQueue.of(job.queue()));
  }

  /** Gives every handler to {@code builder}; makes the beans that are not made yet. */
  void addTo(JobsBuilder builder) {
    Map<String, List<Found>> byBean = new LinkedHashMap<>();
    found().forEach(found -> byBean.computeIfAbsent(found.bean, b -> new ArrayList<>()).add(found));
    byBean.forEach(
        (name, methods) -> {
          Object bean = beans.getBean(name);
          methods.forEach(found -> requireProxied(found, bean));
          builder.handlersOf(methods.get(0).declaring, bean);
        });
  }

  /** A subclass that stands for its bean hands on neither private nor final methods. */
  private static void requireProxied(Found found, Object bean) {
    int modifiers = found.method.getModifiers();
    if (AopUtils.isCglibProxy(bean)
        && (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers))) {
      throw new JobsSetupException(
          "@"
              + found.annotation.annotationType().getSimpleName()
              + " "
              + found.origin()
              + " is "
              + (Modifier.isPrivate(modifiers) ? "private" : "final")
              + ", and the bean is proxied: the call would miss the bean and its transactions.",
          "Make the method package-private, protected or public, and not final.");
    }
  }

  private List<Found> found() {
    List<Found> known = settled;
    return known != null ? known : look(); // asked while beans are still being made
  }

  private List<Found> look() {
    List<Found> all = new ArrayList<>();
    Map<String, Found> byType = new LinkedHashMap<>();
    for (String name : names()) {
      Class<?> type = typeOf(name);
      if (type != null && isCandidate(type)) {
        all.addAll(handlersOf(name, type, DeadLetterHandler.class));
        for (Found found : handlersOf(name, type, JobHandler.class)) {
          all.add(found);
          found.job().ifPresent(job -> requireNew(byType, job.type(), found));
        }
      }
    }
    return all;
  }

  private static void requireNew(Map<String, Found> byType, String type, Found found) {
    Found other = byType.putIfAbsent(type, found);
    if (other != null) {
      throw new JobsSetupException(
          "Two handlers of job type \""
              + type
              + "\": "
              + other.origin()
              + " and "
              + found.origin()
              + ".",
          "Give one of them another @JobHandler(type = ...), or remove a bean.");
    }
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>(List.of(beans.getBeanDefinitionNames()));
    names.removeIf(name -> beans.getMergedBeanDefinition(name).isAbstract());
    names.removeIf(ScopedProxyUtils::isScopedTarget); // met as the proxy before it
    names.addAll(List.of(beans.getSingletonNames()));
    return names;
  }

  /** What the bean is behind its proxies; null if that cannot be told without making it. */
  private @Nullable Class<?> typeOf(String name) {
    String target = ScopedProxyUtils.getTargetBeanName(name);
    Class<?> type = declaredTypeOf(beans.containsBeanDefinition(target) ? target : name);
    if (type != null && Proxy.isProxyClass(type) && beans.containsSingleton(name)) {
      type = AopUtils.getTargetClass(beans.getBean(name));
    }
    return type == null ? null : ClassUtils.getUserClass(type);
  }

  private @Nullable Class<?> declaredTypeOf(String name) {
    if (beans.containsBeanDefinition(name)
        && beans
                .getMergedBeanDefinition(name)
                .getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE)
            instanceof Class<?> behindProxy) {
      return behindProxy;
    }
    return beans.getType(name, false);
  }

  private static boolean isCandidate(Class<?> type) {
    return !type.getName().startsWith("org.springframework.")
        && AnnotationUtils.isCandidateClass(
            type, List.of(JobHandler.class, DeadLetterHandler.class));
  }

  /** As the engine looks for them: on the class and its superclasses, the lowest one counts. */
  private static List<Found> handlersOf(
      String bean, Class<?> declaring, Class<? extends Annotation> word) {
    List<Found> handlers = new ArrayList<>();
    Set<String> overridden = new HashSet<>();
    for (Class<?> type = declaring; type != null; type = type.getSuperclass()) {
      for (Method method : methodsOf(type)) {
        Annotation annotation = method.getAnnotation(word);
        if (annotation != null && !method.isBridge() && overridden.add(signature(method))) {
          handlers.add(new Found(bean, declaring, method, annotation));
        }
      }
    }
    return handlers;
  }

  private static Set<Method> methodsOf(Class<?> type) {
    try {
      return new LinkedHashSet<>(List.of(type.getDeclaredMethods()));
    } catch (LinkageError e) {
      log.debug("Cannot see the methods, looks for no handlers there: class={}", type.getName(), e);
      return Set.of();
    }
  }

  private static String signature(Method method) {
    return method.getName() + MethodType.methodType(void.class, method.getParameterTypes());
  }
}
