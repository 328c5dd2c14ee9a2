using System.Text;
using System.Xml;

namespace SequenceModels.Reports;

/// <summary>
/// Writes a page whose markup is both HTML and well-formed XML. Everything that is not a name of an element or attribute is
/// escaped: names of classes and tokens are the user's and may hold anything.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new("<!DOCTYPE html>\n");
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; <see cref="Close"/> closes it.</summary>
    public Markup Open(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        _text.Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public Markup Close()
    {
        _text.Append("</").Append(_open.Pop()).Append(">\n");
        return this;
    }

    /// <summary>An element without content, such as meta or line.</summary>
    public Markup Empty(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        _text.Append("/>");
        return this;
    }

    /// <summary>An element that holds a text and nothing else.</summary>
    public Markup Element(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(tag, attributes);
        Text(text);
        return Close();
    }

    /// <summary>The same within a line of text: no white space follows it.</summary>
    public Markup Inline(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        _text.Append('>');
        Text(text)._text.Append("</").Append(tag).Append('>');
        return this;
    }

    /// <summary>Text, escaped.</summary>
    public Markup Text(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], c))
                _text.Append(c).Append(text[++i]);
            else
                Append(c);
        }
        return this;
    }

    /// <summary>The style sheet. Is written as it is: it comes from us and holds neither tags nor ampersands.</summary>
    public Markup Style(string css)
    {
        _text.Append("<style>\n").Append(css).Append("</style>\n");
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Start(string tag, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach ((string name, string value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"");
            Text(value);
            _text.Append('"');
        }
    }

    private void Append(char c) => _ = c switch
    {
        '&' => _text.Append("&amp;"),
        '<' => _text.Append("&lt;"),
        '>' => _text.Append("&gt;"),
        '"' => _text.Append("&quot;"),
        '\'' => _text.Append("&#39;"),
        // Neither HTML nor XML can say control characters and halves of surrogate pairs.
        _ => _text.Append(XmlConvert.IsXmlChar(c) ? c : '\uFFFD'),
    };
}
