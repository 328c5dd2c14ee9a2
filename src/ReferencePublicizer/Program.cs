// ReferencePublicizer <in.dll> <out.dll> <full type name>...
//
// Copies an assembly and makes the named types public. The copy serves as a compile-time reference only: the compiler still
// refuses every internal type that is not on the list. Nothing but a few bits of the TypeDef table changes, in place, so no
// library beyond System.Reflection.Metadata is needed.

using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

if (args.Length < 3)
{
    Console.Error.WriteLine("Usage: ReferencePublicizer <in.dll> <out.dll> <full type name>...");
    return 2;
}

string source = args[0], destination = Path.GetFullPath(args[1]);
byte[] image = File.ReadAllBytes(source);
var missing = new SortedSet<string>(args[2..], StringComparer.Ordinal);

using (var assembly = new PEReader(new MemoryStream(image, writable: false)))
{
    MetadataReader metadata = assembly.GetMetadataReader();
    int table = assembly.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.TypeDef);
    int rowSize = metadata.GetTableRowSize(TableIndex.TypeDef);
    foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        if (type.IsNested || !missing.Remove(name))
            continue;

        // A TypeDef row begins with its four bytes of flags (ECMA-335, II.22.37).
        Span<byte> flags = image.AsSpan(table + (MetadataTokens.GetRowNumber(handle) - 1) * rowSize, sizeof(uint));
        TypeAttributes attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public;
        BinaryPrimitives.WriteUInt32LittleEndian(flags, (uint)attributes);
    }
}

if (missing.Count > 0)
{
    // The form of this line is what MSBuild shows as an error.
    Console.Error.WriteLine($"ReferencePublicizer : error SEQ0001: {source} has no type {string.Join(", ", missing)}. " +
        "This version of ML.NET finds the loaders of saved models in another way; see Interop/LoaderRegistration.cs.");
    return 1;
}

// Written beside and moved, so that a build running at the same time never reads half a file.
Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
string unfinished = $"{destination}.{Environment.ProcessId}";
File.WriteAllBytes(unfinished, image);
File.Move(unfinished, destination, overwrite: true);
return 0;
