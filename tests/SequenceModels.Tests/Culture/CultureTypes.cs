using Microsoft.CodeAnalysis;

namespace SequenceModels.Tests.Culture;

/// <summary>Which values become another text under another culture.</summary>
internal static class CultureTypes
{
    private static readonly string[] s_dates = ["DateTime", "DateTimeOffset", "DateOnly", "TimeOnly"];
    private static readonly string[] s_safe = ["Guid", "Version", "Enum", "Rune", "Index", "Range", "CancellationToken"];

    /// <summary>A date or a time of day, or what may hold one.</summary>
    public static bool MayBeDate(ITypeSymbol? type) => Unwrapped(type) is { } plain && Depends(plain) &&
        (plain is { SpecialType: SpecialType.System_Object or SpecialType.System_DateTime } or ITypeParameterSymbol ||
            plain.Name is "IFormattable" || s_dates.Contains(plain.Name));

    /// <summary>
    /// Numbers, dates and spans of time; what may hold one (object, a type parameter, a tuple); records that write one.
    /// </summary>
    public static bool Depends(ITypeSymbol? type)
    {
        if (Unwrapped(type) is not { } plain)
            return false;
        return plain switch
        {
            {
                SpecialType: SpecialType.System_String or SpecialType.System_Char or SpecialType.System_Boolean
                    or SpecialType.System_Void
            } => false,
            { SpecialType: SpecialType.System_Object or SpecialType.System_DateTime } or { TypeKind: TypeKind.Dynamic } => true,
            { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double } => true,
            { TypeKind: TypeKind.Enum or TypeKind.Delegate or TypeKind.Array or TypeKind.Pointer or TypeKind.Error } => false,
            ITypeParameterSymbol parameter => !parameter.ConstraintTypes.Any(constraint =>
                constraint.TypeKind == TypeKind.Enum || constraint.Name == "Enum"),
            INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(element => Depends(element.Type)),
            INamedTypeSymbol { IsRecord: true } record => WritesNumbers(record),
            _ => !(IsSystem(plain) && s_safe.Contains(plain.Name)) && IsFormattable(plain),
        };
    }

    /// <summary>A record whose ToString is the compiler's, and which has a number or a date to write.</summary>
    public static bool WritesNumbers(INamedTypeSymbol record)
    {
        for (INamedTypeSymbol? type = record; type is { IsRecord: true }; type = type.BaseType)
            if (type.GetMembers("ToString").OfType<IMethodSymbol>().Any(method =>
                !method.IsImplicitlyDeclared && method.Parameters.IsEmpty &&
                (type.Equals(record, SymbolEqualityComparer.Default) || method.IsSealed)))
                return false;
        for (INamedTypeSymbol? type = record; type is { IsRecord: true }; type = type.BaseType)
            if (type.GetMembers().Any(member => member is { DeclaredAccessibility: Accessibility.Public, IsStatic: false } and
                (IPropertySymbol { IsIndexer: false } or IFieldSymbol) && Depends((member as IPropertySymbol)?.Type
                    ?? ((IFieldSymbol)member).Type)))
                return true;
        return false;
    }

    /// <summary>Whether a user can hold a record of the type: it, or one that it derives from, is public.</summary>
    public static bool IsSeen(INamedTypeSymbol record)
    {
        for (INamedTypeSymbol? type = record; type is { IsRecord: true }; type = type.BaseType)
            if (type.DeclaredAccessibility == Accessibility.Public &&
                type.ContainingType is null or { DeclaredAccessibility: Accessibility.Public })
                return true;
        return false;
    }

    /// <summary>
    /// Whether the default order of a type's values is the one of a language: that of strings, and of what holds one.
    /// </summary>
    public static bool ComparesByLanguage(ITypeSymbol? type) => type switch
    {
        { SpecialType: SpecialType.System_String or SpecialType.System_Object } => true,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(element => ComparesByLanguage(element.Type)),
        _ => false,
    };

    public static bool IsProvider(ITypeSymbol? type) => type is not null && (type.Name == "IFormatProvider" ||
        type.AllInterfaces.Any(face => face.Name == "IFormatProvider"));

    public static ITypeSymbol? Unwrapped(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
        ? nullable.TypeArguments[0] : type;

    /// <summary>What a sequence holds; null: it is none.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        { SpecialType: SpecialType.System_String } => null,
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { Name: "IEnumerable" or "Span" or "ReadOnlySpan", TypeArguments: [var element] } => element,
        _ => type?.AllInterfaces.FirstOrDefault(face =>
            face is { Name: "IEnumerable", TypeArguments.Length: 1 })?.TypeArguments[0],
    };

    private static bool IsFormattable(ITypeSymbol type) => type.Name is "IFormattable" or "ISpanFormattable" ||
        type.AllInterfaces.Any(face => face.Name is "IFormattable");

    private static bool IsSystem(ITypeSymbol type) => type.ContainingNamespace is { Name: "System" or "Text" };

    /// <summary>What a method that sorts or selects compares: what its selector gives if it has one, else elements.</summary>
    public static ITypeSymbol? Compared(IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
            if (parameter.Type is INamedTypeSymbol { Name: "Func" } selector)
                return selector.TypeArguments[^1];
        return method.TypeArguments.FirstOrDefault() ?? method.ContainingType.TypeArguments.FirstOrDefault();
    }

    /// <summary>Whether a method is told how to compare.</summary>
    public static bool HasComparer(IMethodSymbol method) =>
        method.Parameters.Any(parameter => parameter.Type.Name is "IComparer" or "Comparison" or "StringComparer");
}
