package dev.jobs4j.core.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tells an error of Jackson without quoting the payload, which Jackson's own messages do, and so do
 * the messages of constructors and getters that it wraps.
 */
final class JsonTrouble {

  private JsonTrouble() {}

  static String of(JsonProcessingException error) {
    return what(error) + path(error) + place(error.getLocation());
  }

  private static String what(JsonProcessingException error) {
    if (error instanceof StreamConstraintsException
        || error instanceof InvalidDefinitionException) {
      return error.getOriginalMessage(); // they tell of lengths and of classes only
    }
    Throwable cause = error.getCause();
    if (cause instanceof JsonProcessingException json && json != error) {
      return what(json);
    }
    if (cause != null) {
      StackTraceElement[] stack = cause.getStackTrace();
      return cause.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    }
    if (error instanceof JsonEOFException) {
      return "it ends too early";
    }
    if (error instanceof JsonParseException) {
      return "it is not JSON";
    }
    if (error instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return "expected " + mismatch.getTargetType().getTypeName();
    }
    return error.getClass().getSimpleName();
  }

  /** Member names are the program's; keys of maps are the payload's. */
  private static String path(JsonProcessingException error) {
    List<JsonMappingException.Reference> path =
        error instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
    return path.isEmpty()
        ? ""
        : " in " + path.stream().map(JsonTrouble::step).collect(Collectors.joining("."));
  }

  private static String step(JsonMappingException.Reference step) {
    if (step.getFieldName() == null) {
      return "[" + step.getIndex() + "]";
    }
    Object from = step.getFrom();
    Class<?> owner = from instanceof Class<?> type ? type : from.getClass();
    return Map.class.isAssignableFrom(owner) ? "*" : step.getFieldName();
  }

  private static String place(JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
