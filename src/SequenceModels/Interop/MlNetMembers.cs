using System.Reflection;
using Microsoft.ML;

namespace SequenceModels.Interop;

/// <summary>Looks up ML.NET's internal members, and says which one is missing if ML.NET ever changes.</summary>
internal static class MlNetMembers
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Microsoft.ML.Core: model streams, hosts, the component catalog.</summary>
    public static Assembly Core => typeof(ITransformer).Assembly;

    /// <summary>Microsoft.ML.Data: MLContext and its catalogs.</summary>
    public static Assembly Data => typeof(MLContext).Assembly;

    public static Type Type(Assembly assembly, string name) => assembly.GetType(name) ?? throw Missing(name);

    public static MethodInfo Method(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, Any, parameters) ?? throw Missing($"{type.FullName}.{name}");

    public static ConstructorInfo Constructor(Type type, params Type[] parameters) =>
        type.GetConstructor(Any, parameters) ?? throw Missing($"{type.FullName}'s constructor");

    public static PropertyInfo Property(Type type, string name) =>
        type.GetProperty(name, Any) ?? throw Missing($"{type.FullName}.{name}");

    public static PropertyInfo StaticProperty(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw Missing($"{type.FullName}.{name}");

    public static FieldInfo Field(Type type, string name) =>
        type.GetField(name, Any) ?? throw Missing($"{type.FullName}.{name}");

    /// <summary>Calls a member so that what it throws arrives unwrapped.</summary>
    public static object? Call(this MethodInfo method, object? target, params object?[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    /// <summary>Calls a constructor so that what it throws arrives unwrapped.</summary>
    public static object New(this ConstructorInfo constructor, params object?[] arguments) =>
        constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static NotSupportedException Missing(string member)
    {
        string? version = Core.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return new NotSupportedException(
            $"ML.NET {version} has no '{member}', which SequenceModels needs. " +
            "Use a version of Microsoft.ML that this version of SequenceModels was built for.");
    }
}
