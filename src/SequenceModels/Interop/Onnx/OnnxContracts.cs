using System.Reflection;
using Microsoft.ML;

namespace SequenceModels.Interop;

/// <summary>What ML.NET's views say of themselves where a pipeline is converted to ONNX.</summary>
internal static class OnnxContracts
{
    private static readonly MethodInfo? s_canSave =
        MlNetMembers.Data.GetType("Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx")?.GetMethod("CanSaveOnnx");

    private static readonly PropertyInfo? s_source =
        MlNetMembers.Data.GetType("Microsoft.ML.Data.IDataTransform")?.GetProperty("Source");

    /// <summary>Whether this version of ML.NET knows of such a thing at all.</summary>
    public static bool AreThere => s_canSave is not null && s_source is not null;

    /// <summary>Whether a view says that it can be written.</summary>
    public static bool CanSave(IDataView view)
    {
        if (s_canSave?.DeclaringType!.IsInstanceOfType(view) != true)
            return false;
        try
        {
            return s_canSave.Call(view, [null]) is true;
        }
        catch (NullReferenceException) // it asks the converter, which is not there
        {
            return true;
        }
    }

    /// <summary>What a view was made from; null: it does not tell.</summary>
    public static IDataView? SourceOf(IDataView view) =>
        s_source?.DeclaringType!.IsInstanceOfType(view) == true ? (IDataView?)s_source.GetMethod!.Call(view) : null;

    /// <summary>The name of what makes a view's columns.</summary>
    public static string NameOf(IDataView view)
    {
        FieldInfo? field = view.GetType().GetField("_mapper", BindingFlags.Instance | BindingFlags.NonPublic);
        object mapper = field?.GetValue(view) ?? view;
        return (mapper.GetType().DeclaringType ?? mapper.GetType()).Name;
    }
}
