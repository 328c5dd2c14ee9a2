using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// A vector for each word from its characters: an LSTM reads them in both directions, and the state after the last of them going forward
/// stands beside the state after the first going backward. A word without characters has the initial states, zero.
/// </summary>
/// <remarks>Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1.</remarks>
internal sealed unsafe class CharacterLayer
{
    private readonly Embedding _embedding;
    private readonly RecurrentLayer _layer;
    private readonly int _vocabularySize;

    /// <param name="parameters">Takes the layer's parameters.</param>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="vocabularySize">Number of characters.</param>
    /// <param name="embeddingSize">E.</param>
    /// <param name="hiddenSize">H, in each direction.</param>
    public CharacterLayer(ParameterSet parameters, string name, int vocabularySize, int embeddingSize, int hiddenSize)
    {
        _vocabularySize = vocabularySize;
        _embedding = new Embedding(parameters, vocabularySize, embeddingSize, $"{name}.embedding");
        RecurrentCell lstm = RecurrentCells.Find(LstmCell.CellName)!;
        Recurrent Direction(string direction, bool reverse) =>
            new(parameters, $"{name}.{direction}", lstm, embeddingSize, 1, hiddenSize, reverse, readsTokens: false);
        _layer = new RecurrentLayer([Direction("forward", reverse: false), Direction("backward", reverse: true)]);
    }

    /// <summary>[V + 1, E] the characters' vectors.</summary>
    public Parameter Table => _embedding.Table;

    /// <summary>Floats from one word's vector to the next: each direction's H, padded to a multiple of 16.</summary>
    public int Stride => _layer.Stride;

    public CharacterPass CreatePass() => new(_layer.CreatePasses(), _vocabularySize);

    public void Initialize(ref RandomStream random)
    {
        _embedding.Initialize(ref random);
        _layer.Initialize(ref random);
    }

    public IEnumerable<Transposed> PrepareTraining() => _layer.PrepareTraining(inputGradient: true);

    /// <summary>Writes the pass's Vectors.</summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="words">Different words; their steps are characters.</param>
    /// <param name="remembers">Whether Backward will follow.</param>
    public void Forward(CharacterPass pass, SequenceBatch words, bool remembers)
    {
        pass.Characters.Find(words.Tokens);
        pass.Embedded.Reserve((long)pass.Characters.Tokens.Length * _embedding.Stride);
        _embedding.Forward(pass.Characters.Tokens, pass.Embedded.Data);
        pass.States.Reserve((long)words.Rows * Stride);
        _layer.Forward(pass.Passes, words, Input(pass), pass.States.Data, remembers);
        pass.Vectors.Reserve((long)words.Count * Stride);
        pass.Vectors.Clear((long)words.Count * Stride);
        CopyEnds(words, pass.States, pass.Vectors, toStates: false);
    }

    /// <summary>From the pass's VectorGradients to the gradients of the parameters, which are added to, and of the characters' vectors.</summary>
    /// <param name="pass">As Forward left it.</param>
    /// <param name="words">As in Forward.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="dCharacters">Becomes [different characters, E].</param>
    public void Backward(CharacterPass pass, SequenceBatch words, FloatBuffer gradients, FloatBuffer dCharacters)
    {
        long states = (long)words.Rows * Stride, characters = (long)pass.Characters.Tokens.Length * _embedding.Stride;
        pass.StateGradients.Reserve(states);
        pass.StateGradients.Clear(states);
        CopyEnds(words, pass.StateGradients, pass.VectorGradients, toStates: true);
        dCharacters.Reserve(characters);
        dCharacters.Clear(characters);
        _layer.Backward(pass.Passes, words, Input(pass), pass.States.Data, pass.StateGradients.Data, gradients, dCharacters.Data);
    }

    private RecurrentInput Input(CharacterPass pass) => RecurrentInput.OfVectors(pass.Embedded.Data, _embedding.Stride,
        pass.Characters.Tokens.Length, pass.Characters.Index);

    /// <summary>Between the words' vectors and the states in which each direction ends.</summary>
    private void CopyEnds(SequenceBatch words, FloatBuffer states, FloatBuffer vectors, bool toStates)
    {
        int width = Stride / 2;
        for (int k = 0; k < words.Count && words.Length(k) > 0; k++)
            for (int d = 0; d < 2; d++)
            {
                int row = d == 0 ? words.Offset(words.Length(k) - 1) + k : k;
                float* state = states.Data + (long)row * Stride + d * width, vector = vectors.Data + (long)k * Stride + d * width;
                Rows.Copy(toStates ? vector : state, toStates ? state : vector, width);
            }
    }
}
