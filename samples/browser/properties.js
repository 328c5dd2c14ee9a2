const decoder = new TextDecoder();

/** What an ONNX model says of itself, by name; the runtime reads it, but does not tell. The file is a protobuf message, whose field 14 it is. */
export function propertiesOf(bytes) {
  const properties = {};
  for (const [field, property] of fieldsOf(bytes))
    if (field === 14) {
      const { 1: name, 2: value } = Object.fromEntries(fieldsOf(property));
      properties[decoder.decode(name)] = decoder.decode(value);
    }
  return properties;
}

/** The fields of a message that have a length: [number, bytes]. */
function* fieldsOf(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128)
        return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint(), type = tag & 7;
    if (type === 2) {
      const length = varint();
      yield [tag >>> 3, bytes.subarray(at, at += length)];
    } else if (type === 0)
      varint();
    else
      at += type === 1 ? 8 : 4;
  }
}
