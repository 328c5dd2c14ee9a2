// ReferencePublicizer <in.dll> <out.dll> <full type name>...
//
// Copies an assembly and makes the named types public in the copy: it sets the visibility bits in their rows of the
// metadata table and leaves every other byte alone. The copy is a compile-time reference only. It lets us write
// [assembly: LoadableClass(...)], an attribute that ML.NET keeps internal and by which it finds the loaders of a saved model.
// Nothing else becomes visible, so the compiler still refuses every other internal of ML.NET.
using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

if (args.Length < 3)
{
    Console.Error.WriteLine("ReferencePublicizer <in.dll> <out.dll> <full type name>...");
    return 1;
}

byte[] image = File.ReadAllBytes(args[0]);
var missing = args.Skip(2).ToHashSet();

using var pe = new PEReader(new MemoryStream(image));
MetadataReader metadata = pe.GetMetadataReader();
int table = pe.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.TypeDef);
int rowSize = metadata.GetTableRowSize(TableIndex.TypeDef);

foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    if (type.IsNested || !missing.Remove($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"))
        continue;

    // A row begins with the type's attributes, four bytes.
    Span<byte> attributes = image.AsSpan(table + (MetadataTokens.GetRowNumber(handle) - 1) * rowSize, sizeof(uint));
    BinaryPrimitives.WriteUInt32LittleEndian(attributes, (uint)(type.Attributes & ~TypeAttributes.VisibilityMask | TypeAttributes.Public));
}

if (missing.Count > 0)
{
    Console.Error.WriteLine($"ReferencePublicizer: error: {args[0]} has no type {string.Join(", ", missing)}.");
    return 1;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
File.WriteAllBytes(args[1], image);
return 0;
