using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

// The header of a saved model names this assembly; ML.NET then loads it and reads these attributes to find who loads what.
// Their type is internal in ML.NET: the compiler is shown a copy where it is public (PublicizedReference.targets), and the
// runtime hands out the attributes only because of IgnoresAccessChecksTo. Should that ever fail, UseSequenceModels() mends it.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]

namespace SequenceModels.Interop
{
    /// <summary>Makes our loaders known to an MLContext without waiting for a model that names them.</summary>
    internal static class LoaderRegistration
    {
        /// <param name="catalog">The context's.</param>
        /// <param name="own">One of the library's assemblies.</param>
        public static void Register(ComponentCatalog catalog, Assembly own) =>
            catalog.RegisterAssembly(AttributesAreVisible(own) ? own : new StandIn(own));

        /// <summary>The two must not both be registered: ML.NET refuses to map a name twice.</summary>
        private static bool AttributesAreVisible(Assembly own) =>
            own.IsDefined(MlNetMembers.Type(MlNetMembers.Core, "Microsoft.ML.LoadableClassAttributeBase"));

        /// <summary>
        /// Passes for an assembly whose attributes are visible: they are made anew from the metadata, which no access check
        /// hides. The catalog asks an assembly for its names, types and attributes only.
        /// </summary>
        internal sealed class StandIn(Assembly own) : Assembly
        {
            private readonly Attribute[] _attributes = [.. own.GetCustomAttributesData().Where(IsLoadableClass).Select(Make)];

            public override string FullName => $"{own.GetName().Name}.Loaders";

            public override AssemblyName GetName() => new(FullName);

            public override Type[] GetTypes() => [];

            public override object[] GetCustomAttributes(Type attributeType, bool inherit) => _attributes;

            private static bool IsLoadableClass(CustomAttributeData data) => data.AttributeType.Name == "LoadableClassAttribute";

            private static Attribute Make(CustomAttributeData data) =>
                (Attribute)data.Constructor.New([.. data.ConstructorArguments.Select(Value)]);

            private static object? Value(CustomAttributeTypedArgument argument) =>
                argument.Value is ReadOnlyCollection<CustomAttributeTypedArgument> names
                    ? names.Select(name => (string)name.Value!).ToArray()
                    : argument.Value;
        }
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Known to the runtime by its name; no library defines it.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
