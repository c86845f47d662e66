/** Remembering the answer of a question that is asked often. */

/**
 * Asks once and remembers the answer: askers at the same time share one question, a failure is not remembered, and
 * an answer that `keepMs` gives a limit is asked for again after it.
 */
export function remembered<Answer>(
  now: () => number,
  keepMs: (answer: Answer) => number,
): (ask: () => Promise<Answer>) => Promise<Answer> {
  let underWay: Promise<Answer> | null = null;
  let kept: { readonly answer: Answer; readonly untilMs: number } | null = null;
  const askNow = async (ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = await ask();
    kept = { answer, untilMs: now() + keepMs(answer) };
    return answer;
  };
  return async (ask) => {
    if (kept !== null && now() < kept.untilMs) return kept.answer;
    underWay ??= askNow(ask).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
