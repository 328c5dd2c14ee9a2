using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Interop;

/// <summary>
/// A view that takes part in <c>Model.ConvertToOnnx</c>. ML.NET walks back from the last view of a pipeline, and needs of each
/// one that it implements an internal interface; the runtime makes the class that does, so that no type of this assembly depends
/// on the interface: a version of ML.NET without it costs the conversion, never scoring or loading.
/// </summary>
internal class ConvertibleView : DispatchProxy
{
    private const string ContractName = "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx";

    private static readonly Type? s_contract = MlNetMembers.Data.GetType(ContractName);

    private IDataView? _view;
    private ICanSaveModel? _transformer;

    /// <summary>What the view was made from.</summary>
    public IDataView? Source { get; private set; }

    /// <summary>
    /// Adds what the view's columns are to a graph; throws <see cref="NotSupportedException"/> where it cannot.
    /// </summary>
    public Action<PipelineGraph>? Write { get; private set; }

    /// <summary>The view as one that takes part; the view itself where ML.NET has no place for it.</summary>
    /// <param name="view">The view.</param>
    /// <param name="source">What it was made from.</param>
    /// <param name="transformer">What made it.</param>
    /// <param name="write">Adds its columns to a graph.</param>
    public static IDataView Of(IDataView view, IDataView source, ICanSaveModel transformer, Action<PipelineGraph> write) =>
        Of(view, source, transformer, write, s_contract);

    /// <param name="view">The view.</param>
    /// <param name="source">What it was made from.</param>
    /// <param name="transformer">What made it.</param>
    /// <param name="write">Adds its columns to a graph.</param>
    /// <param name="contract">The interface; null: ML.NET has none.</param>
    internal static IDataView Of(IDataView view, IDataView source, ICanSaveModel transformer, Action<PipelineGraph> write,
        Type? contract)
    {
        if (contract is null || !typeof(IDataView).IsAssignableFrom(contract) || Make(contract) is not { } made)
            return view;
        (made._view, made.Source, made._transformer, made.Write) = (view, source, transformer, write);
        return (IDataView)(object)made;
    }

    /// <summary>Null: the interface is not one that a class can be made for, or this program may make no classes.</summary>
    private static ConvertibleView? Make(Type contract)
    {
        try
        {
            return (ConvertibleView)Create(contract, typeof(ConvertibleView));
        }
        catch (Exception error) when (error is TypeLoadException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "get_Source":
                return Source;
            case "CanSaveOnnx":
                return true; // else ML.NET would stop here, and tell nobody why
            case "SaveAsOnnx":
                Write!(ContextGraph.Of(args![0]!));
                return null;
            case nameof(ICanSaveModel.Save):
                _transformer!.Save((ModelSaveContext)args![0]!);
                return null;
            case "get_Schema":
                return _view!.Schema;
            case "get_CanShuffle":
                return _view!.CanShuffle;
            case nameof(IDataView.GetRowCount):
                return _view!.GetRowCount();
            case nameof(IDataView.GetRowCursor):
                return _view!.GetRowCursor((IEnumerable<DataViewSchema.Column>)args![0]!, (Random?)args[1]);
            case nameof(IDataView.GetRowCursorSet):
                return _view!.GetRowCursorSet((IEnumerable<DataViewSchema.Column>)args![0]!, (int)args[1]!, (Random?)args[2]);
            default:
                throw new NotSupportedException($"'{targetMethod.Name}' of {ContractName} is not known to this version of " +
                    "SequenceModels. Use a version of Microsoft.ML that it was built for.");
        }
    }
}
