using Microsoft.CodeAnalysis;

namespace SequenceModels.Tests.Culture;

/// <summary>How a place depends on the culture of the thread, which also says how it is mended.</summary>
internal enum CultureUse
{
    /// <summary>An interpolated string: Invariant($"...") or string.Create(CultureInfo.InvariantCulture, $"...").</summary>
    Interpolation,

    /// <summary>A date without a format, or with one that is not ISO 8601.</summary>
    Date,

    /// <summary>ToString or TryFormat without a provider.</summary>
    ToText,

    /// <summary>A number added to a string.</summary>
    Concatenation,

    /// <summary>A call that writes numbers or dates into a text: Join, Format, Append, Write.</summary>
    Writing,

    /// <summary>Parse, TryParse or Convert without a provider.</summary>
    Parsing,

    /// <summary>Strings that are compared, ordered or changed to the other case by the rules of a language.</summary>
    Comparison,

    /// <summary>An exception that writes the value that it is given.</summary>
    Exception,

    /// <summary>A public record whose own ToString writes numbers or dates.</summary>
    Record,
}

/// <summary>A place in the sources where the culture of the thread has its way.</summary>
internal sealed record CultureFinding(CultureUse Use, SyntaxNode Node, string Problem)
{
    public override string ToString()
    {
        FileLinePositionSpan place = Node.SyntaxTree.GetLineSpan(Node.Span);
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {Problem}";
    }
}
