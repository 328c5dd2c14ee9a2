// Says what is in the packages of a folder: their metadata, dependencies and files. pack.sh compares it with contents.approved.txt.
#:property PublishAot=false
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

foreach (string path in Directory.GetFiles(args[0], "*nupkg").Order(StringComparer.Ordinal))
{
    using ZipArchive package = ZipFile.OpenRead(path);
    Console.WriteLine(Path.GetFileName(path));

    if (Path.GetExtension(path) == ".nupkg")
    {
        XElement metadata = XElement.Load(package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec")).Open()).Elements().Single();
        foreach (string name in (string[])["id", "version", "authors", "license", "icon", "readme", "tags"])
            Console.WriteLine($"  {name}: {metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value}");
        foreach (XElement dependency in metadata.Descendants().Where(element => element.Name.LocalName == "dependency"))
            Console.WriteLine($"  needs {dependency.Attribute("id")?.Value} {dependency.Attribute("version")?.Value}");
    }

    string[] ofTheFormat = ["_rels/", "package/", "[Content_Types].xml", ".signature.p7s"];
    foreach (ZipArchiveEntry entry in package.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        if (!ofTheFormat.Any(entry.FullName.StartsWith))
            Console.WriteLine($"  {entry.FullName}{(entry.FullName.EndsWith(".dll") ? $", assembly version {VersionOf(entry)}" : "")}");
}

static Version? VersionOf(ZipArchiveEntry assembly)
{
    string copy = Path.GetTempFileName();
    assembly.ExtractToFile(copy, overwrite: true);
    Version? version = AssemblyName.GetAssemblyName(copy).Version;
    File.Delete(copy);
    return version;
}
