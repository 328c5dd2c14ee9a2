// Publicizer <in.dll> <out.dll> <TypeFullName[:Member,Member|:*]> ...
// Patches visibility bits in the ECMA-335 metadata tables IN PLACE (no dependency but System.Reflection.Metadata):
// only the listed types / members become public; everything else keeps its visibility, so the compiler still
// rejects any internal API that is not on the list.  The result is used ONLY as a compile-time reference.
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

var bytes = File.ReadAllBytes(args[0]);
var want = args.Skip(2).Select(a => a.Split(':', 2)).ToDictionary(p => p[0], p => p.Length == 1 ? Array.Empty<string>() : p[1].Split(','));
using var pe = new PEReader(new MemoryStream(bytes));
var md = pe.GetMetadataReader();
int mdStart = pe.PEHeaders.MetadataStartOffset;
var seen = new HashSet<string>();
string FullName(TypeDefinition t)
{
    var n = md.GetString(t.Name);
    var d = t.GetDeclaringType();
    if (!d.IsNil) return FullName(md.GetTypeDefinition(d)) + "+" + n;
    var ns = md.GetString(t.Namespace);
    return ns.Length == 0 ? n : ns + "." + n;
}
int Row(TableIndex ti, int rid) => mdStart + md.GetTableMetadataOffset(ti) + (rid - 1) * md.GetTableRowSize(ti);
foreach (var h in md.TypeDefinitions)
{
    var t = md.GetTypeDefinition(h);
    var name = FullName(t);
    if (!want.TryGetValue(name, out var members)) continue;
    seen.Add(name);
    // TypeDef: Flags is the first column (4 bytes)
    int off = Row(TableIndex.TypeDef, MetadataTokens.GetRowNumber(h));
    uint fl = BitConverter.ToUInt32(bytes, off);
    bool nested = !t.GetDeclaringType().IsNil;
    fl = (fl & ~(uint)TypeAttributes.VisibilityMask) | (uint)(nested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
    BitConverter.TryWriteBytes(bytes.AsSpan(off), fl);
    bool all = members.Contains("*");
    var hit = new HashSet<string>();
    foreach (var mh in t.GetMethods())
    {
        var m = md.GetMethodDefinition(mh);
        var mn = md.GetString(m.Name);
        if (!all && !members.Contains(mn)) continue;
        hit.Add(mn);
        if (all && (m.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Private) continue;
        // MethodDef: RVA(4) ImplFlags(2) Flags(2)
        int o = Row(TableIndex.MethodDef, MetadataTokens.GetRowNumber(mh)) + 6;
        ushort f = BitConverter.ToUInt16(bytes, o);
        f = (ushort)((f & ~(ushort)MethodAttributes.MemberAccessMask) | (ushort)MethodAttributes.Public);
        BitConverter.TryWriteBytes(bytes.AsSpan(o), f);
    }
    foreach (var fh in t.GetFields())
    {
        var fd = md.GetFieldDefinition(fh);
        var fn = md.GetString(fd.Name);
        if (!all && !members.Contains(fn)) continue;
        hit.Add(fn);
        if (all && (fd.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Private) continue;
        int o = Row(TableIndex.Field, MetadataTokens.GetRowNumber(fh));
        ushort f = BitConverter.ToUInt16(bytes, o);
        f = (ushort)((f & ~(ushort)FieldAttributes.FieldAccessMask) | (ushort)FieldAttributes.Public);
        BitConverter.TryWriteBytes(bytes.AsSpan(o), f);
    }
    foreach (var m in members) if (m != "*" && !hit.Contains(m)) throw new InvalidOperationException($"publicizer: member {name}:{m} not found in {args[0]}");
}
foreach (var w in want.Keys) if (!seen.Contains(w)) throw new InvalidOperationException($"publicizer: type {w} not found in {args[0]}");
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
File.WriteAllBytes(args[1], bytes);
Console.WriteLine($"publicized {seen.Count} types of {Path.GetFileName(args[0])} -> {args[1]}");
