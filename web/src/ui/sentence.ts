/** A summary or a reason as a sentence: with a capital letter and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** What to do, as further sentence, unless the reason ends with it already. */
export function furtherAdvice(reason: string, advice: string | undefined): string {
  if (advice === undefined) return '';
  const isSaid = sentence(reason).toLowerCase().endsWith(advice.toLowerCase());
  return isSaid ? '' : advice;
}
