using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SequenceModels.Tests.Sources;

/// <summary>A type that the sources declare, with what is nested in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Of the file, such as "src/SequenceModels.Core/Cells/RnnCell.cs".</param>
/// <param name="Knows">Other such types that it names in code, documentation aside.</param>
internal sealed record SourceType(string Name, string Path, IReadOnlyList<(string Name, string Path)> Knows)
{
    /// <summary>Such as "SequenceModels.Core/Cells"; of a file beside the folders "SequenceModels.Core".</summary>
    public string Part => PartOf(Path);

    public static string PartOf(string path)
    {
        string[] folders = path.Split('/')[1..^1];
        return string.Join('/', folders.Take(2));
    }

    public static IEnumerable<SourceType> In(CSharpCompilation sources) =>
        from tree in sources.SyntaxTrees
        where tree.FilePath != ""
        let model = sources.GetSemanticModel(tree)
        from declaration in tree.GetRoot()
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
        where declaration is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let type = (INamedTypeSymbol)model.GetDeclaredSymbol(declaration)!
        select new SourceType(type.Name, Slashes(tree.FilePath), [.. NamedIn(declaration, model)
            .Where(named => !SymbolEqualityComparer.Default.Equals(named, type))
            .Select(named => (named.Name, Slashes(named.DeclaringSyntaxReferences[0].SyntaxTree.FilePath))).Distinct().Order()]);

    private static IEnumerable<INamedTypeSymbol> NamedIn(SyntaxNode declaration, SemanticModel model) =>
        from name in declaration.DescendantNodes().OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol
        let type = symbol as INamedTypeSymbol
        ?? (symbol as IMethodSymbol is { MethodKind: MethodKind.Constructor or MethodKind.ReducedExtension } method
            ? method.ContainingType : null)
        where type is not null
        let outermost = Outermost(type.OriginalDefinition)
        where outermost.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree.FilePath != "")
        select outermost;

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? Outermost(outer) : type;

    private static string Slashes(string path) => path.Replace('\\', '/');
}
