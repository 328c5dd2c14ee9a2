using System.Text;

namespace SequenceModels.Reports.Pages;

/// <summary>Writes a page to a file: first under a temporary name beside it, then moved into place.</summary>
internal static class PageFile
{
    public static void Write(string page, string path)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
