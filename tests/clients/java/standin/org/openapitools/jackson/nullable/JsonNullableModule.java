package org.openapitools.jackson.nullable;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.List;

/** Teaches Jackson what {@link JsonNullable} means: absent members are left out, null ones are written. */
public final class JsonNullableModule extends SimpleModule {
    @SuppressWarnings({"unchecked", "rawtypes"})
    public JsonNullableModule() {
        addSerializer((Class) JsonNullable.class, new Writer());
        addDeserializer((Class) JsonNullable.class, new Reader(null));
        setSerializerModifier(new LeavesOutTheAbsent());
    }

    private static final class Writer extends StdSerializer<JsonNullable<?>> {
        Writer() {
            super(JsonNullable.class, false);
        }

        @Override
        public void serialize(JsonNullable<?> member, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(member.orElse(null), out);
        }
    }

    private static final class LeavesOutTheAbsent extends BeanSerializerModifier {
        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
            properties.replaceAll(each -> each.getType().hasRawClass(JsonNullable.class) ? new Absentable(each) : each);
            return properties;
        }
    }

    private static final class Absentable extends BeanPropertyWriter {
        Absentable(BeanPropertyWriter original) {
            super(original);
        }

        @Override
        public void serializeAsField(Object bean, JsonGenerator out, SerializerProvider provider) throws Exception {
            if (get(bean) instanceof JsonNullable<?> member && member.isPresent()) {
                super.serializeAsField(bean, out, provider);
            }
        }
    }

    private static final class Reader extends JsonDeserializer<JsonNullable<?>> implements ContextualDeserializer {
        private final JavaType content;

        Reader(JavaType content) {
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public JsonNullable<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return JsonNullable.of(context.readValue(parser, content));
        }

        @Override
        public JsonNullable<?> getNullValue(DeserializationContext context) {
            return JsonNullable.of(null);
        }
    }
}
