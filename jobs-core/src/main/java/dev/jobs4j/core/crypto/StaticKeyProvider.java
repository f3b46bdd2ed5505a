package dev.jobs4j.core.crypto;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.KeyProvider;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys that the host hands over, from its configuration say, and changes while it runs. The key
 * that was added last writes, all of them read. Tenants without keys of their own use the shared
 * ones; one whose own keys were all removed has none any more, and what was encrypted under them is
 * lost. Thread-safe.
 */
public final class StaticKeyProvider implements KeyProvider {

  /**
   * The oldest first, the primary one last; an owner whose keys were removed keeps an empty list.
   */
  private final Map<String, List<DataKey>> byTenant = new HashMap<>();

  private final List<DataKey> shared = new ArrayList<>();

  private StaticKeyProvider() {}

  /** No keys yet. */
  public static StaticKeyProvider create() {
    return new StaticKeyProvider();
  }

  /** Adds a shared key, which from now on writes. */
  public StaticKeyProvider add(DataKey key) {
    return add(null, key);
  }

  /**
   * Adds a shared key, which from now on writes.
   *
   * @param base64 32 bytes in Base64, as {@code openssl rand -base64 32} makes them
   */
  public StaticKeyProvider add(String id, String base64) {
    return add(null, DataKey.of(id, decode(id, base64)));
  }

  /**
   * Adds a key of a tenant, which from now on writes for it.
   *
   * @param tenant null for the shared keys
   * @throws InvalidJobException if the tenant has another key of this id
   */
  public synchronized StaticKeyProvider add(@Nullable String tenant, DataKey key) {
    List<DataKey> keys =
        tenant == null ? shared : byTenant.computeIfAbsent(tenant, t -> new ArrayList<>());
    if (find(keys, key.id()).isPresent()) {
      throw new InvalidJobException("key \"" + key.id() + "\" is there already");
    }
    keys.add(key);
    return this;
  }

  /**
   * Forgets a key; what was encrypted under it can no longer be read.
   *
   * @param tenant null for the shared keys
   * @return whether it was there
   */
  public synchronized boolean remove(@Nullable String tenant, String id) {
    List<DataKey> keys = tenant == null ? shared : byTenant.getOrDefault(tenant, List.of());
    return keys.removeIf(key -> key.id().equals(id));
  }

  @Override
  public synchronized DataKey primary(@Nullable String tenant) {
    List<DataKey> keys = tenant == null ? shared : byTenant.getOrDefault(tenant, shared);
    if (keys.isEmpty()) {
      throw new InvalidJobException(
          tenant == null
              ? "no key to encrypt with: add one to the key provider"
              : "no key to encrypt with for tenant \""
                  + tenant
                  + "\": add one to the key provider");
    }
    return keys.get(keys.size() - 1);
  }

  @Override
  public synchronized Optional<DataKey> find(@Nullable String tenant, String id) {
    return find(tenant == null ? List.of() : byTenant.getOrDefault(tenant, List.of()), id)
        .or(() -> find(shared, id)); // from the time before the tenant had its own
  }

  private static Optional<DataKey> find(List<DataKey> keys, String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  private static byte[] decode(String id, String base64) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) { // it quotes the key, so it is not the cause
      throw new InvalidJobException("key \"" + id + "\" is not Base64");
    }
  }

  /** The names of the keys, never the keys. */
  @Override
  public synchronized String toString() {
    return "StaticKeyProvider" + shared + byTenant;
  }
}
