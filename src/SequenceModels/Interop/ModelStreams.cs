using System.Reflection;
using Microsoft.ML;
using SequenceModels.Files;

namespace SequenceModels.Interop;

/// <summary>
/// Writes a transformer into ML.NET's model file and reads it back. ML.NET's own part is a header that names our loader and
/// assembly; all that is ours lies in one stream beside it, sealed by a checksum.
/// </summary>
internal static class ModelStreams
{
    private const string StreamName = "Payload.bin";

    // ML.NET's header has versions of its own. They stay fixed: the payload states what matters.
    private const uint HeaderVersion = 0x00010001;

    private static readonly Lazy<Members> MlNet = new(() => new Members());

    public static void Save(ModelSaveContext context, ModelFormat format, Action<PayloadWriter> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        Members mlNet = MlNet.Value;
        mlNet.CheckAtModelToSave.Call(context);
        mlNet.SetVersionInfo.Call(context, mlNet.Header(format));
        mlNet.SaveBinaryStream.Call(context, StreamName,
            (Action<BinaryWriter>)(stream => SealedPayload.Write(stream.BaseStream, format.Kind, format.Version, write)));
    }

    /// <summary>The payload alone, without a model file around it.</summary>
    public static byte[] Bytes(ModelFormat format, Action<PayloadWriter> write)
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, format.Kind, format.Version, write);
        return stream.ToArray();
    }

    /// <param name="context">
    /// A ModelLoadContext, whose type ML.NET keeps to itself; or the stream of a payload alone, without a model file around it.
    /// </param>
    /// <param name="format">The mark that <see cref="Save"/> was given.</param>
    /// <param name="read">Reads what <see cref="Save"/> wrote; the reader tells the version.</param>
    /// <exception cref="InvalidDataException">The payload is missing, cut short or altered.</exception>
    public static T Load<T>(object context, ModelFormat format, Func<PayloadReader, T> read) where T : class
    {
        if (context is Stream payload)
            return SealedPayload.Read(payload, format.Kind, format.Version, read);
        Members mlNet = MlNet.Value;
        mlNet.CheckAtModelToLoad.Call(context, mlNet.Header(format));
        T? result = null;
        mlNet.TryLoadBinaryStream.Call(context, StreamName,
            (Action<BinaryReader>)(stream =>
            {
                result = SealedPayload.Read(stream.BaseStream, format.Kind, format.Version, read);
                if (stream.BaseStream.ReadByte() >= 0)
                    throw PayloadKind.Damaged(format.Kind, $"'{StreamName}' goes on after its end");
            }));
        return result ?? throw PayloadKind.Damaged(format.Kind, $"the model file has no '{StreamName}' in its place");
    }

    private sealed class Members
    {
        private readonly ConstructorInfo _versionInfo;

        public Members()
        {
            Type version = MlNetMembers.Type(MlNetMembers.Core, "Microsoft.ML.VersionInfo");
            Type load = MlNetMembers.Type(MlNetMembers.Core, "Microsoft.ML.ModelLoadContext");
            Type save = typeof(ModelSaveContext);
            _versionInfo = MlNetMembers.Constructor(version,
                typeof(string), typeof(uint), typeof(uint), typeof(uint), typeof(string), typeof(string), typeof(string));
            CheckAtModelToSave = MlNetMembers.Method(save, "CheckAtModel");
            SetVersionInfo = MlNetMembers.Method(save, "SetVersionInfo", version);
            SaveBinaryStream = MlNetMembers.Method(save, "SaveBinaryStream", typeof(string), typeof(Action<BinaryWriter>));
            CheckAtModelToLoad = MlNetMembers.Method(load, "CheckAtModel", version);
            TryLoadBinaryStream = MlNetMembers.Method(load, "TryLoadBinaryStream", typeof(string), typeof(Action<BinaryReader>));
        }

        public MethodInfo CheckAtModelToSave { get; }

        public MethodInfo SetVersionInfo { get; }

        public MethodInfo SaveBinaryStream { get; }

        public MethodInfo CheckAtModelToLoad { get; }

        public MethodInfo TryLoadBinaryStream { get; }

        public object Header(ModelFormat format) => _versionInfo.New(format.Kind, HeaderVersion, HeaderVersion, HeaderVersion,
            format.AssemblyName, format.LoaderSignature, null);
    }
}
