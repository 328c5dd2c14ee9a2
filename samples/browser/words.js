const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The words of a text as SequenceTokenization.Words() cuts them: runs of letters, marks and digits in lower case, and every other character that
 * is no white space alone. Another tokenization needs other lines here.
 */
export function wordsOf(text) {
  const words = [];
  for (const part of prepare(text).split(/\p{White_Space}+/u)) {
    let inWord = false;
    for (const { segment } of segmenter.segment(part)) {
      const goesOn = /^[\p{L}\p{M}\p{Nd}]/u.test(segment);
      if (goesOn && inWord)
        words[words.length - 1] += segment;
      else
        words.push(segment);
      inWord = goesOn;
    }
  }
  return words;
}

/** Composed, in lower case, without characters that nobody sees; joiners stay, which some scripts and emoji need. */
function prepare(text) {
  return text.normalize("NFC").replace(/(?![\p{White_Space}\u200c\u200d])[\p{Cc}\p{Cf}]/gu, "").toLowerCase().normalize("NFC");
}
