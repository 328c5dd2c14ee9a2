using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// A decoder whose input at each step is the token's vector and, beside it, what the step before it gave the output layer; zero
/// at the first step. So it knows what it has looked at; its products can't be made for all steps at once.
/// </summary>
/// <remarks>Input feeding: Luong, Pham and Manning, EMNLP 2015, section 3.3.</remarks>
internal sealed unsafe class StepwiseDecoding(RecurrentStack stack, DecoderAttention attention, DecoderShape shape)
{
    private readonly int _embedding = shape.EmbeddingSize, _fed = shape.OutputSize,
        _stride = Rows.Padded(shape.EmbeddingSize + shape.OutputSize);

    /// <summary>From the batch to its features, step by step.</summary>
    /// <param name="pass">Made ready.</param>
    /// <param name="embedded">[rows, E] the tokens' vectors, one for each row.</param>
    /// <param name="regularization">Of this update; of scoring, none.</param>
    /// <param name="training">Whether Backward will follow.</param>
    public void Forward(DecoderPass pass, in RecurrentInput embedded, in Regularization regularization, bool training)
    {
        pass.CarryFirstStates(stack.Stride);
        for (int t = 0; t < pass.Target.Steps; t++)
        {
            pass.Part.ShapeAsStep(pass.Target, t);
            ForwardStep(pass, pass.Step(training ? t : 0), t, embedded, regularization, training);
        }
    }

    /// <summary>One step of the hypotheses of a search, from the states and features that are carried.</summary>
    /// <param name="pass">Has one token of each.</param>
    /// <param name="embedded">[n, E] their vectors.</param>
    public void Step(DecoderPass pass, in RecurrentInput embedded)
    {
        DecoderStep step = pass.Step(0);
        step.Inputs.Reserve((long)pass.Target.Count * _stride);
        for (int k = 0; k < pass.Target.Count; k++)
        {
            float* input = step.Inputs.Data + (long)k * _stride;
            Rows.Copy(embedded.Vectors + k * embedded.Stride, input, _embedding);
            Rows.Copy(pass.Fed.Data + (long)k * attention.Stride, input + _embedding, _fed);
        }
        Read(pass, step, pass.Target, 0, 0, Regularization.None, training: false);
    }

    /// <summary>The way back of <see cref="Forward"/>; the features' gradients are overwritten.</summary>
    /// <param name="pass">As Forward left it.</param>
    /// <param name="embedded">As in Forward.</param>
    /// <param name="regularization">As in Forward.</param>
    /// <param name="gradients">Of the parameters; added to.</param>
    /// <param name="dEmbedded">[rows, E] written.</param>
    /// <returns>The pass of the first step, which has the gradients of the states that sequences begin with.</returns>
    public StackPass Backward(DecoderPass pass, in RecurrentInput embedded, in Regularization regularization,
        FloatBuffer gradients, FloatBuffer dEmbedded)
    {
        dEmbedded.Reserve(embedded.Count * embedded.Stride);
        dEmbedded.Clear(embedded.Count * embedded.Stride);
        for (int t = pass.Target.Steps - 1; t >= 0; t--)
        {
            pass.Part.ShapeAsStep(pass.Target, t);
            BackwardStep(pass, t, regularization, gradients);
            PutInputGradient(pass, t, dEmbedded, embedded.Stride);
        }
        pass.Pending.Flush(gradients);
        return pass.Step(0).Stack;
    }

    private void ForwardStep(DecoderPass pass, DecoderStep step, int t, in RecurrentInput embedded,
        in Regularization regularization, bool training)
    {
        SequenceBatch part = pass.Part;
        int firstRow = pass.Target.Offset(t);
        step.Inputs.Reserve((long)part.Count * _stride);
        for (int k = 0; k < part.Count; k++)
        {
            float* input = step.Inputs.Data + (long)k * _stride;
            Rows.Copy(embedded.Vectors + (firstRow + k) * embedded.Stride, input, _embedding);
            if (t == 0)
                new Span<float>(input + _embedding, _fed).Clear();
            else
                Rows.Copy(pass.Features.Data + (long)(pass.Target.Offset(t - 1) + k) * attention.Stride,
                    input + _embedding, _fed);
        }
        Read(pass, step, part, t, firstRow, regularization, training);
    }

    /// <summary>From what enters at a step to its features.</summary>
    private void Read(DecoderPass pass, DecoderStep step, SequenceBatch part, int t, int firstRow,
        in Regularization regularization, bool training)
    {
        step.Stack.RestoreStates(pass.Carried, begins: false);
        step.Stack.WantsInitialGradient = training;
        FloatBuffer states = stack.Forward(step.Stack, part, InputOf(step, part), regularization, training);
        step.Stack.SaveStates(part);
        attention.Forward(pass, part, t, firstRow, states.Data, stack.Stride);
        pass.TakeFeatures(firstRow, part, attention.Stride);
    }

    private void BackwardStep(DecoderPass pass, int t, in Regularization regularization, FloatBuffer gradients)
    {
        SequenceBatch part = pass.Part;
        DecoderStep step = pass.Step(t);
        int firstRow = pass.Target.Offset(t), continued = pass.Target.Alive(t + 1);
        float* dVectors = pass.FeatureGradient.Data + (long)firstRow * attention.Stride;
        pass.OutputMask.Apply(dVectors, firstRow, part.Count, dVectors);
        long length = (long)part.Count * stack.Stride;
        FloatBuffer dStates = step.Stack.OutputGradient;
        dStates.Reserve(length);
        dStates.Clear(length);
        attention.Backward(pass, part, t, firstRow, step.Stack.States[^1].Data, dStates.Data, stack.Stride, dVectors, gradients,
            pass.Pending);
        if (continued > 0)
            step.Stack.TakeLaterGradient(pass.Step(t + 1).Stack, continued, part.Count);
        stack.Backward(step.Stack, part, InputOf(step, part), regularization, gradients, pass.InputGradient);
    }

    /// <summary>From the gradient of a step's input to those of the tokens' vectors and of the features before.</summary>
    private void PutInputGradient(DecoderPass pass, int t, FloatBuffer dEmbedded, nint embeddedStride)
    {
        for (int k = 0; k < pass.Part.Count; k++)
        {
            float* from = pass.InputGradient.Data + (long)k * _stride;
            Rows.Copy(from, dEmbedded.Data + (pass.Target.Offset(t) + k) * embeddedStride, _embedding);
            if (t == 0)
                continue;
            var features = new Span<float>(
                pass.FeatureGradient.Data + (long)(pass.Target.Offset(t - 1) + k) * attention.Stride, _fed);
            TensorPrimitives.Add(features, new ReadOnlySpan<float>(from + _embedding, _fed), features);
        }
    }

    private RecurrentInput InputOf(DecoderStep step, SequenceBatch part) =>
        RecurrentInput.OfVectors(step.Inputs.Data, _stride, part.Count);
}
