using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SequenceModels.Tests.Culture;

/// <summary>Finds the places of a source file whose text, order or number follows the culture of the thread.</summary>
internal sealed class CultureFinder(SemanticModel model) : CSharpSyntaxWalker
{
    private static readonly string[] s_orders =
    [
        "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Order", "OrderDescending", "Max", "Min", "MaxBy",
        "MinBy", "Sort",
    ];
    private static readonly string[] s_isoFormats = ["O", "o", "s", "u", "R", "r"];

    // Beginnings of the names of the calls that Check knows.
    private static readonly string[] s_calls =
    [
        .. s_orders, "To", "TryFormat", "Append", "Insert", "Write", "Parse", "TryParse", "ThrowIf", "StartsWith", "EndsWith",
        "IndexOf", "LastIndexOf", "Compare", "Join", "Concat",
        "Format", "Info", "Warning", "Error", "Trace", "Except", "Check",
    ];

    public List<CultureFinding> Found { get; } = [];

    /// <summary>All places of a compilation, in the order of its files.</summary>
    public static CultureFinding[] In(Compilation compilation) =>
        [.. compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(tree =>
    {
        var finder = new CultureFinder(compilation.GetSemanticModel(tree));
        finder.Visit(tree.GetRoot());
        return finder.Found;
    })];

    public override void VisitInterpolatedStringExpression(InterpolatedStringExpressionSyntax node)
    {
        InterpolationSyntax[] holes =
            [.. node.Contents.OfType<InterpolationSyntax>().Where(hole => CultureTypes.Depends(TypeOf(hole.Expression)))];
        foreach (InterpolationSyntax hole in holes.Where(hole => CultureTypes.MayBeDate(TypeOf(hole.Expression)) &&
            !IsIso(hole.FormatClause?.FormatStringToken.ValueText)))
            Add(CultureUse.Date, hole, $"'{hole.Expression}' may be a date, and has no format of ISO 8601: " +
                $"{{{hole.Expression}:yyyy-MM-dd}}, or InvariantText.Of({hole.Expression})");
        if (holes.Length > 0 && !IsInvariant(node))
            Add(CultureUse.Interpolation, node, $"'{string.Join("', '", holes.Select(hole => hole.Expression))}' in a string " +
                "that the culture of the thread writes. Put Invariant(...) around it");
        base.VisitInterpolatedStringExpression(node);
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        if (node.IsKind(SyntaxKind.AddExpression) && TypeOf(node) is { SpecialType: SpecialType.System_String })
            foreach (ExpressionSyntax side in new[] { node.Left, node.Right }.Where(side => CultureTypes.Depends(TypeOf(side))))
                Add(CultureUse.Concatenation, side, $"'{side}' is added to a string, written by the culture of the thread");
        base.VisitBinaryExpression(node);
    }

    public override void VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        if (node.IsKind(SyntaxKind.AddAssignmentExpression) && TypeOf(node.Left) is { SpecialType: SpecialType.System_String } &&
            CultureTypes.Depends(TypeOf(node.Right)))
            Add(CultureUse.Concatenation, node.Right,
                $"'{node.Right}' is added to a string, written by the culture of the thread");
        base.VisitAssignmentExpression(node);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        // Asking for what a call means takes long; most have a harmless name, or take no argument that could be written.
        if (NameOf(node.Expression) is { } name && s_calls.Any(call => name.StartsWith(call, StringComparison.Ordinal)) &&
            model.GetSymbolInfo(node).Symbol is IMethodSymbol method)
            Check(node, method);
        base.VisitInvocationExpression(node);
    }

    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        CheckCreated(node, node.ArgumentList);
        base.VisitObjectCreationExpression(node);
    }

    public override void VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        CheckCreated(node, node.ArgumentList);
        base.VisitImplicitObjectCreationExpression(node);
    }

    public override void VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (node.Name.Identifier.Text
                is "CurrentCulture" or "CurrentCultureIgnoreCase" or "CurrentUICulture" or "Default" or "IgnoreCase" &&
            model.GetSymbolInfo(node).Symbol is { IsStatic: true, ContainingType: { } owner } symbol)
        {
            if (owner.Name is "StringComparison" or "StringComparer" or "CultureInfo" &&
                symbol.Name.StartsWith("Current", StringComparison.Ordinal))
                Add(CultureUse.Comparison, node, $"'{node}' is the culture of the thread");
            else if (owner.Name == "Comparer" && symbol.Name == "Default" &&
                CultureTypes.ComparesByLanguage(owner.TypeArguments.FirstOrDefault()))
                Add(CultureUse.Comparison, node,
                    $"'{node}' orders strings by the culture of the thread: use StringComparer.Ordinal");
            else if (owner.Name == "RegexOptions" && symbol.Name == "IgnoreCase" &&
                !node.FirstAncestorOrSelf<ArgumentSyntax>()!.ToString().Contains("CultureInvariant", StringComparison.Ordinal))
                Add(CultureUse.Comparison, node, $"'{node}' without CultureInvariant follows the culture of the thread");
        }
        base.VisitMemberAccessExpression(node);
    }

    public override void VisitRecordDeclaration(RecordDeclarationSyntax node)
    {
        if (model.GetDeclaredSymbol(node) is { IsAbstract: false } record && CultureTypes.IsSeen(record) &&
            CultureTypes.WritesNumbers(record))
            Add(CultureUse.Record, node, $"ToString of record {record.Name} is written by the culture of the thread");
        base.VisitRecordDeclaration(node);
    }

    private void Check(InvocationExpressionSyntax node, IMethodSymbol method)
    {
        ArgumentSyntax[] arguments = [.. node.ArgumentList.Arguments];
        ITypeSymbol? receiver = node.Expression is MemberAccessExpressionSyntax member ? TypeOf(member.Expression)
            : node.Expression is MemberBindingExpressionSyntax &&
            node.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access ? TypeOf(access.Expression) : null;
        bool hasProvider = arguments.Any(argument => CultureTypes.IsProvider(TypeOf(argument.Expression)));
        INamedTypeSymbol owner = method.ContainingType;
        string name = method.Name;
        if (name is "ToString" or "TryFormat" && !method.IsStatic && receiver is not null && !hasProvider &&
            CultureTypes.Depends(receiver))
            Add(CultureUse.ToText, node, $"'{node.Expression}' has no provider: give it CultureInfo.InvariantCulture");
        else if (owner.SpecialType == SpecialType.System_String)
            CheckString(node, method, arguments, hasProvider);
        else if (owner.Name is "StringBuilder" or "TextWriter" or "StringWriter" or "StreamWriter" &&
            name.StartsWith("Append", StringComparison.Ordinal) | name is "Insert" or "Write" or "WriteLine")
            CheckWritten(node, name == "Insert" ? arguments[1..] : arguments, hasProvider);
        else if (owner.SpecialType == SpecialType.System_Char && name is "ToUpper" or "ToLower" && arguments.Length == 1)
            Add(CultureUse.Comparison, node, $"'{node.Expression}' follows the culture of the thread: use {name}Invariant");
        else if (name is "Parse" or "TryParse" or "ParseExact" or "TryParseExact" && !hasProvider && CultureTypes.Depends(owner))
            Add(CultureUse.Parsing, node, $"'{node.Expression}' has no provider: give it CultureInfo.InvariantCulture");
        else if (owner is { Name: "Convert", ContainingNamespace.Name: "System" } && !hasProvider && arguments.Length > 0 &&
            TypeOf(arguments[0].Expression) is { } converted && (name == "ToString" ? CultureTypes.Depends(converted)
                : name.StartsWith("To", StringComparison.Ordinal) &&
                converted.SpecialType is SpecialType.System_String or SpecialType.System_Object &&
                !name.Contains("64String", StringComparison.Ordinal) && !name.Contains("Hex", StringComparison.Ordinal)))
            Add(CultureUse.Parsing, node, $"'{node.Expression}' has no provider: give it CultureInfo.InvariantCulture");
        else if (owner.Name == "ArgumentOutOfRangeException" && name.StartsWith("ThrowIf", StringComparison.Ordinal))
            Add(CultureUse.Exception, node,
                $"'{node.Expression}' writes the value by the culture of the thread: throw with a message of your own");
        else if (s_orders.Contains(name) && owner is { Name: "Enumerable" or "Array" or "List" or "MemoryExtensions" } &&
            CultureTypes.ComparesByLanguage(CultureTypes.Compared(method)) && !CultureTypes.HasComparer(method))
            Add(CultureUse.Comparison, node,
                $"'{name}' orders strings by the culture of the thread: give it StringComparer.Ordinal");
        else if (!hasProvider && method.Parameters is
            [.., { Type.SpecialType: SpecialType.System_String, Name: "fmt" or "format" or "msg" }, { IsParams: true }])
            CheckWritten(node, arguments, hasProvider: false);
    }

    private void CheckString(InvocationExpressionSyntax node, IMethodSymbol method, ArgumentSyntax[] arguments, bool hasProvider)
    {
        bool saysComparison =
            method.Parameters.Any(parameter => parameter.Type.Name is "StringComparison" or "CultureInfo" or "CompareOptions");
        bool takesText = method.Parameters is [{ Type.SpecialType: SpecialType.System_String }, ..];
        if (method.Name is "ToUpper" or "ToLower" && arguments.Length == 0)
            Add(CultureUse.Comparison, node,
                $"'{node.Expression}' follows the culture of the thread: use {method.Name}Invariant");
        else if (method.Name is "StartsWith" or "EndsWith" or "IndexOf" or "LastIndexOf" or "Compare" or "CompareTo" &&
            takesText && !saysComparison)
            Add(CultureUse.Comparison, node,
                $"'{node.Expression}' compares by the culture of the thread: use StringComparison.Ordinal");
        else if (method.Name is "Join" or "Concat" or "Format")
            CheckWritten(node, arguments, hasProvider);
    }

    private void CheckWritten(InvocationExpressionSyntax node, IEnumerable<ArgumentSyntax> arguments, bool hasProvider)
    {
        if (hasProvider)
            return;
        foreach (ArgumentSyntax argument in arguments)
        {
            // [1, 2] and new object[] { 1, 2 } have elements, whose types say more than that of the whole.
            ITypeSymbol? type = TypeOf(argument.Expression);
            if (CultureTypes.Depends(type) || CultureTypes.Depends(CultureTypes.ElementOf(type)))
                Add(CultureUse.Writing, node, $"'{node.Expression}' writes '{argument.Expression}' by the culture of the thread");
        }
    }

    private void CheckCreated(ExpressionSyntax node, ArgumentListSyntax? arguments)
    {
        if (TypeOf(node) is INamedTypeSymbol
            {
                Name: "SortedDictionary" or "SortedSet" or "SortedList" or "PriorityQueue"
            } sorted &&
            CultureTypes.ComparesByLanguage(sorted.TypeArguments[sorted.Name == "PriorityQueue" ? ^1 : 0]) &&
            model.GetSymbolInfo(node).Symbol is IMethodSymbol constructor && !CultureTypes.HasComparer(constructor))
            Add(CultureUse.Comparison, node,
                $"{sorted.Name} orders strings by the culture of the thread: give it StringComparer.Ordinal");
        CheckException(node, arguments);
    }

    // ArgumentOutOfRangeException(name, value, message) writes the value into the message whenever that is asked for.
    private void CheckException(ExpressionSyntax node, ArgumentListSyntax? arguments)
    {
        if (arguments is { Arguments: [_, var value, _] } && model.GetSymbolInfo(node).Symbol is IMethodSymbol
            {
                ContainingType.Name: "ArgumentOutOfRangeException",
                Parameters: [_, { Type.SpecialType: SpecialType.System_Object }, _],
            } &&
            CultureTypes.Depends(TypeOf(value.Expression)))
            Add(CultureUse.Exception, value, $"ArgumentOutOfRangeException writes '{value}' by the culture of the thread: give " +
                $"it Invariant($\"{{{value}}}\")");
    }

    // As a FormattableString, which Invariant takes; or with a provider beside it, as string.Create has one.
    private bool IsInvariant(ExpressionSyntax node)
    {
        for (SyntaxNode? whole = node; whole is ExpressionSyntax expression; whole = whole.Parent)
        {
            ITypeSymbol? converted = model.GetTypeInfo(expression).ConvertedType;
            if (converted is { Name: "FormattableString" or "IFormattable" })
                return true;
            if (whole.Parent is ArgumentSyntax { Parent: ArgumentListSyntax list })
                return list.Arguments.Any(argument => argument != whole.Parent &&
                    CultureTypes.IsProvider(TypeOf(argument.Expression)));
            if (whole.Parent is not (ParenthesizedExpressionSyntax
                or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression }))
                return false;
        }
        return false;
    }

    private static bool IsIso(string? format) => format is not null &&
        (s_isoFormats.Contains(format) || format.StartsWith("yyyy-MM", StringComparison.Ordinal) ||
            format.StartsWith("HH:mm", StringComparison.Ordinal));

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => null,
    };

    private ITypeSymbol? TypeOf(ExpressionSyntax expression) => model.GetTypeInfo(expression).Type;

    private void Add(CultureUse use, SyntaxNode node, string problem) => Found.Add(new CultureFinding(use, node, problem));
}
