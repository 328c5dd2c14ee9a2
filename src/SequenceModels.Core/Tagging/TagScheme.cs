using SequenceModels.Heads;

namespace SequenceModels.Tagging;

/// <summary>
/// The tags of a task, read by their names: B-PER, I-PER, E-PER, S-PER, O and their like in other schemes; or B, I, E, S, O where
/// spans have no types. Tags are counted from 0 in the order of the names; as keys, from 1.
/// </summary>
internal sealed class TagScheme
{
    private readonly string[] _names;
    private readonly (char Part, int Type)[] _tags; // by tag; of parts there are B, I, E, S and O, whatever a scheme calls them

    private TagScheme(string[] names, (char, int)[] tags, string[] types, TaggingScheme kind, string? doubt = null) =>
        (_names, _tags, Types, Kind, Doubt) = (names, tags, types, kind, doubt);

    public TaggingScheme Kind { get; }

    /// <summary>What spans may be, in the order of the names; without a scheme, the tags themselves.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>
    /// Where only some of the tags are of a scheme: which are not, and what follows, as a sentence. Null: no doubt.
    /// </summary>
    public string? Doubt { get; }

    /// <param name="names">Of all tags, in the order of their keys.</param>
    /// <remarks>
    /// Where most tags are of one scheme, others (a PAD, an X, a tag spelled wrong) count as outside of spans. Tags that are
    /// mostly something else, such as parts of speech, have no scheme, even if one of them looks like it.
    /// </remarks>
    public static TagScheme Of(IEnumerable<string> names)
    {
        string[] all = [.. names];
        TagSpelling spelling = TagSpelling.Of(all);
        (char Part, string Type)?[] read = [.. all.Select(spelling.Read)];
        string[] strays = [.. all.Where((name, tag) => read[tag] is null && !TagSpelling.IsOutside(name))];
        bool typed = all.Where((name, tag) => read[tag] is not null).Any(name => name.Length > 1);
        int ofScheme = read.Count(tag => tag is not null) + (typed && all.Any(TagSpelling.IsOutside) ? 1 : 0);
        TaggingScheme kind = KindOf([.. read.OfType<(char, string)>()], typed);
        if (kind == TaggingScheme.None || strays.Length >= ofScheme)
            return Without(all, typed || (kind != TaggingScheme.None && ofScheme > 1) ? Doubts(all, read, strays, kind) : null);

        string[] types = [.. read.OfType<(char, string Type)>().Select(tag => tag.Type).Distinct()];
        (char, int)[] tags = [.. read.Select(tag => tag is { } part ? (Unified(part.Part), Array.IndexOf(types, part.Type))
            : ('O', -1))];
        return new TagScheme(all, tags, types, kind, strays.Length == 0 ? null
            : $"{List(strays)} {Are(strays)} of no scheme, where the other tags are of {NameOf(kind)}: " +
              "such a tag counts as outside of all spans, like O");
    }

    /// <summary>
    /// The same tags, if they can be read as IOB1 in place of BIO; else null. Of the two, only the order in sequences tells which
    /// it is.
    /// </summary>
    public TagScheme? AsIob1() =>
        Kind == TaggingScheme.Bio ? new TagScheme(_names, _tags, [.. Types], TaggingScheme.Iob1, Doubt) : null;

    /// <summary>What BIO tags are learned as where ends of spans are to be told; null: these are not of BIO.</summary>
    public BioesTags? AsBioes()
    {
        var spelling = TagSpelling.Of(_names);
        return Kind == TaggingScheme.Bio ? new BioesTags(_names, _tags, spelling.WithPart) : null;
    }

    /// <summary>
    /// The spans of a sequence, by the rules of conlleval and of seqeval's default mode, which make something of every sequence:
    /// an I or E goes on with a span only where a B or I of the same type stands before it, and begins one elsewhere. L and M
    /// count as E and I, U and W as S. Without a scheme each token is a span, but for those tagged O.
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
    /// What the scheme allows beside each other. Null: anything; also where the tags that there are leave no sequence of some
    /// length, as B and E alone do.
    /// </summary>
    public CrfConstraints? Constraints()
    {
        if (Kind is TaggingScheme.None or TaggingScheme.IO)
            return null;
        int count = _tags.Length;
        var transitions = new bool[count, count];
        for (int from = 0; from < count; from++)
            for (int to = 0; to < count; to++)
                transitions[from, to] = Goes(_tags[to].Part) ? Waits(_tags[from].Part) &&
                    _tags[from].Type == _tags[to].Type : MayEnd(_tags[from].Part);
        bool[] starts = [.. _tags.Select(tag => !Goes(tag.Part))], ends = [.. _tags.Select(tag => MayEnd(tag.Part))];
        return Enumerable.Range(0, count).Any(tag => starts[tag] && transitions[tag, tag] && ends[tag])
            ? new CrfConstraints(transitions, starts, ends) : null;
    }

    /// <summary>
    /// What is wrong with a violation of <see cref="Constraints"/>, as a part of a sentence about the sequence.
    /// </summary>
    public string Describe(ChainViolation violation)
    {
        string scheme = NameOf(Kind);
        return violation switch
        {
            { To: null } => $"it ends with tag '{_names[violation.From!.Value]}', which in {scheme} another tag must follow",
            { From: null } => $"it begins with tag '{_names[violation.To.Value]}', which in {scheme} " +
                (Kind == TaggingScheme.Iob1 ? "stands only behind a span of its type" : "goes on with a span"),
            _ => Invariant($"at step {violation.Step} (counted from 0) tag '{_names[violation.To.Value]}' follows ") +
                $"'{_names[violation.From.Value]}', which {scheme} does not allow",
        };
    }

    /// <summary>What the scheme of tags with these parts is; None: no scheme has them all.</summary>
    private static TaggingScheme KindOf((char Part, string Type)[] tags, bool typed)
    {
        bool Has(char part) => tags.Any(tag => tag.Part == part);
        bool Only(string parts) => tags.All(tag => parts.Contains(tag.Part));
        if (tags.Length == 0)
            return TaggingScheme.None;
        if (Only("I"))
            return TaggingScheme.IO;
        // Letters alone may be anything; in schemes there is a B among them.
        if (!Has('B') && !(typed && (Has('S') || Has('U') || Has('W'))))
            return TaggingScheme.None;
        return Only("BI") ? (AreOfIob1(tags) ? TaggingScheme.Iob1 : TaggingScheme.Bio)
            : Only("BIES") ? TaggingScheme.Bioes
            : Only("BILU") ? TaggingScheme.Bilou
            : Only("BMES") || Only("BMEW") ? TaggingScheme.Bmes
            : TaggingScheme.None;
    }

    /// <summary>
    /// In BIO every type that has an I has a B; in IOB1 those types lack it of which no two spans stood side by side.
    /// </summary>
    private static bool AreOfIob1((char Part, string Type)[] tags) =>
        tags.Where(tag => tag.Part == 'I').Select(tag => tag.Type)
            .Except(tags.Where(tag => tag.Part == 'B').Select(tag => tag.Type)).Any();

    private static TagScheme Without(string[] names, string? doubt) =>
        new(names, [.. names.Select((name, tag) => TagSpelling.IsOutside(name) ? ('O', -1) : ('S', tag))], names,
        TaggingScheme.None, doubt);

    private static string Doubts(string[] names, (char Part, string Type)?[] read, string[] strays, TaggingScheme kind)
    {
        string[] ofScheme = [.. names.Where((_, tag) => read[tag] is not null)];
        IEnumerable<char> parts = read.OfType<(char Part, string)>().Select(tag => tag.Part).Distinct();
        string likeness = kind == TaggingScheme.None
            ? "like tags of spans, but no scheme (BIO, IOB1, BIOES, BILOU, BMES, IO) has the parts " +
            $"{string.Join(", ", parts)} together"
            : $"like {NameOf(kind)}, but {List(strays)} {Are(strays)} of no scheme";
        return $"{List(ofScheme)} look{(ofScheme.Length == 1 ? "s" : "")} {likeness}: so each token stands by itself, and no " +
            "spans of several tokens are made";
    }

    private static string Are(string[] names) => names.Length == 1 ? "is" : "are";

    private static string List(string[] names)
    {
        const int most = 5;
        return string.Join(", ", names.Take(most).Select(name => $"'{name}'")) +
            (names.Length > most ? Invariant($" and {names.Length - most} more") : "");
    }

    private static string NameOf(TaggingScheme kind) => kind.ToString().ToUpperInvariant();

    private static char Unified(char part) => part switch { 'L' => 'E', 'M' => 'I', 'U' or 'W' => 'S', _ => part };

    /// <summary>Whether a tag of this part stands only behind one of the same span, or in IOB1 of the span before it.</summary>
    private bool Goes(char part) => Kind == TaggingScheme.Iob1 ? part == 'B' : part is 'I' or 'E';

    /// <summary>Whether a tag of this part may stand before one of which <see cref="Goes"/> is true.</summary>
    private static bool Waits(char part) => part is 'B' or 'I';

    /// <summary>Whether a span may be over with a tag of this part.</summary>
    private bool MayEnd(char part) => Kind is TaggingScheme.Bio or TaggingScheme.Iob1 || !Waits(part);
}
