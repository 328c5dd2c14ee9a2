using SequenceModels.Heads;

namespace SequenceModels.Tagging;

/// <summary>
/// The tags of a task, read by their names: B-PER, I-PER, E-PER, S-PER, O; or B, I, E, S, O where spans have no types. Tags are counted
/// from 0 in the order of the names; as keys, from 1.
/// </summary>
internal sealed class TagScheme
{
    private readonly string[] _names;
    private readonly (char Part, int Type)[] _tags; // by tag

    private TagScheme(string[] names, (char, int)[] tags, string[] types, TaggingScheme kind) =>
        (_names, _tags, Types, Kind) = (names, tags, types, kind);

    public TaggingScheme Kind { get; }

    /// <summary>What spans may be, in the order of the names; without a scheme, the tags themselves.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The name of the type of spans whose tags give none: B, I, E, S without more. As seqeval has it.</summary>
    public const string NoType = "_";

    /// <param name="names">Of all tags, in the order of their keys.</param>
    public static TagScheme Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        (char Part, string Type)?[] read = [.. all.Select(Read)];
        bool Has(char part) => read.Any(tag => tag?.Part == part);
        TaggingScheme kind = read.Any(tag => tag is null) ? TaggingScheme.None
            : Has('E') || Has('S') ? TaggingScheme.Bioes
            : Has('B') ? TaggingScheme.Bio
            : Has('I') ? TaggingScheme.IO
            : TaggingScheme.None;
        if (kind == TaggingScheme.None)
            return new TagScheme(all, [.. all.Select((_, tag) => ('S', tag))], all, kind);
        string[] types = [.. read.Where(tag => tag!.Value.Part != 'O').Select(tag => tag!.Value.Type).Distinct()];
        return new TagScheme(all, [.. read.Select(tag => (tag!.Value.Part, Array.IndexOf(types, tag.Value.Type)))], types, kind);
    }

    /// <summary>
    /// The spans of a sequence, by the rules of conlleval and of seqeval's default mode, which make something of every sequence: an I or E
    /// goes on with a span only where a B or I of the same type stands before it, and begins one elsewhere. Without a scheme each token is a
    /// span.
    /// </summary>
    /// <param name="keys">[T] tags from 1; 0, a missing one, is outside of all spans.</param>
    /// <param name="spans">Cleared, then filled in the order of the tokens.</param>
    public void FindSpans(ReadOnlySpan<uint> keys, List<TagSpan> spans)
    {
        spans.Clear();
        (char Part, int Type) before = ('O', -1);
        for (int t = 0; t < keys.Length; t++)
        {
            (char Part, int Type) tag = keys[t] - 1 < (uint)_tags.Length ? _tags[keys[t] - 1] : ('O', -1);
            if (tag.Part is 'I' or 'E' && before.Part is 'B' or 'I' && before.Type == tag.Type)
                spans[^1] = spans[^1] with { Count = spans[^1].Count + 1 };
            else if (tag.Part != 'O')
                spans.Add(new TagSpan(tag.Type, t, 1));
            before = tag;
        }
    }

    /// <summary>
    /// What the scheme allows beside each other. Null: anything; also where the tags that there are leave no sequence of some length, as B
    /// and E alone do.
    /// </summary>
    public ChainConstraints? Constraints()
    {
        if (Kind is TaggingScheme.None or TaggingScheme.IO)
            return null;
        int count = _tags.Length;
        var transitions = new bool[count, count];
        for (int from = 0; from < count; from++)
            for (int to = 0; to < count; to++)
                transitions[from, to] = Goes(_tags[to].Part) ? Waits(_tags[from].Part) && _tags[from].Type == _tags[to].Type : MayEnd(_tags[from].Part);
        bool[] starts = [.. _tags.Select(tag => !Goes(tag.Part))], ends = [.. _tags.Select(tag => MayEnd(tag.Part))];
        return Enumerable.Range(0, count).Any(tag => starts[tag] && transitions[tag, tag] && ends[tag])
            ? new ChainConstraints(transitions, starts, ends) : null;
    }

    /// <summary>What is wrong with a violation of <see cref="Constraints"/>, as a part of a sentence about the sequence.</summary>
    public string Describe(ChainViolation violation)
    {
        string scheme = Kind == TaggingScheme.Bio ? "BIO" : "BIOES";
        return violation switch
        {
            { To: null } => $"it ends with tag '{_names[violation.From!.Value]}', which in {scheme} another tag must follow",
            { From: null } => $"it begins with tag '{_names[violation.To.Value]}', which in {scheme} goes on with a span",
            _ => $"at step {violation.Step} (counted from 0) tag '{_names[violation.To.Value]}' follows '{_names[violation.From.Value]}', " +
                $"which {scheme} does not allow",
        };
    }

    /// <summary>Null: the name is of no scheme.</summary>
    private static (char Part, string Type)? Read(string name) => name switch
    {
        "O" => ('O', ""),
        "B" or "I" or "E" or "S" => (name[0], NoType),
        ['B' or 'I' or 'E' or 'S', '-', _, ..] => (name[0], name[2..]),
        _ => null,
    };

    /// <summary>Whether a tag of this part goes on with a span that has begun.</summary>
    private static bool Goes(char part) => part is 'I' or 'E';

    /// <summary>Whether a tag of this part may stand before one that goes on with its span.</summary>
    private static bool Waits(char part) => part is 'B' or 'I';

    /// <summary>Whether a span may be over with a tag of this part.</summary>
    private bool MayEnd(char part) => Kind == TaggingScheme.Bio || !Waits(part);
}

/// <summary>Neighbouring tokens that belong together.</summary>
/// <param name="Type">Its number among <see cref="TagScheme.Types"/>.</param>
/// <param name="First">The first token, from 0.</param>
/// <param name="Count">Tokens.</param>
internal readonly record struct TagSpan(int Type, int First, int Count);
