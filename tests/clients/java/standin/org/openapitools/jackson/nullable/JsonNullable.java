package org.openapitools.jackson.nullable;

/**
 * A member of a request that may be absent, null, or a value.
 *
 * <p>The client's models ask for the library jackson-databind-nullable, which none of the registries that the project
 * uses has. This and {@link JsonNullableModule} stand in for the part of it that generated code calls.
 */
public final class JsonNullable<T> {
    private static final JsonNullable<?> UNDEFINED = new JsonNullable<>(null, false);

    private final T value;
    private final boolean present;

    private JsonNullable(T value, boolean present) {
        this.value = value;
        this.present = present;
    }

    @SuppressWarnings("unchecked")
    public static <T> JsonNullable<T> undefined() {
        return (JsonNullable<T>) UNDEFINED;
    }

    public static <T> JsonNullable<T> of(T value) {
        return new JsonNullable<>(value, true);
    }

    public boolean isPresent() {
        return present;
    }

    public T get() {
        if (!present) {
            throw new java.util.NoSuchElementException("the member is absent");
        }
        return value;
    }

    public T orElse(T other) {
        return present ? value : other;
    }
}
