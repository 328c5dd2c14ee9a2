using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>y = x W + b, row by row: with a W of its own, or one that it shares.</summary>
internal unsafe interface IDense
{
    /// <summary>A dense layer.</summary>
    /// <param name="parameters">Gets its parameters.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="vectors">How many vectors, each padded, the D numbers are.</param>
    /// <param name="outputs">K.</param>
    /// <param name="table">[K, D] an embedding whose vectors are the weights; null: the layer has its own.</param>
    static IDense Create(ParameterSet parameters, int inputSize, int vectors, int outputs, Parameter? table) => table is null
        ? new Dense(parameters, inputSize, vectors, outputs) : new TiedDense(parameters, table);

    /// <summary>Floats of an output row, padded to a multiple of 16.</summary>
    int Stride { get; }

    /// <summary>b [K].</summary>
    Parameter Bias { get; }

    /// <summary>Draws the first weights.</summary>
    void Initialize(ref RandomStream random);

    /// <summary>Draws the first weights of outputs that are the tokens of a translation.</summary>
    void InitializeAsTokens(ref RandomStream random);

    /// <summary>The transposes that training must refresh after each update.</summary>
    IEnumerable<Transposed> PrepareTraining();

    /// <summary>output [rows, K] from input [rows, D].</summary>
    void Forward(int rows, float* input, nint inputStride, float* output);

    /// <summary>Adds to the gradients of W and b and to dInput [rows, D].</summary>
    void Backward(int rows, float* input, float* dInput, nint inputStride, float* dOutput, FloatBuffer gradients);
}
