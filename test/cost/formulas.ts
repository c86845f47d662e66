/** The cost model's formulas (docs: cost model), with what the engine needs beside them spelled out. */

/** Requests a mapping with N couplings needs to find k of them by the id of Business Central: look-ups of 15 or one scan. */
export function findByBusinessCentralId(changed: number, couplings: number): number {
  return changed === 0 ? 0 : Math.min(Math.ceil(changed / 15), scan(couplings));
}

/** The same by the id of Dataverse: look-ups go through the index and count twice. */
export function findByDataverseId(changed: number, couplings: number): number {
  return changed === 0 ? 0 : Math.min(2 * Math.ceil(changed / 15), scan(couplings));
}

function scan(couplings: number): number {
  return Math.max(1, Math.ceil(couplings / 1_000));
}

/** Entity-group transactions that replace k couplings. */
export function saveCouplings(changed: number): number {
  return Math.ceil(changed / 100);
}

/** Requests to both services that the model allows for k changes of a bidirectional mapping. */
export function modelRequests(changed: number): number {
  return changed === 0 ? 2 : 6 + Math.ceil(changed / 400) + Math.ceil(changed / 100);
}

/** Table requests that the model allows for k changes of a mapping with N couplings. */
export function modelTableRequests(changed: number, couplings: number): number {
  if (changed === 0) return 2;
  const find = Math.min(Math.ceil(changed / 15), Math.ceil(couplings / 1_000));
  return find + 2 * Math.ceil(changed / 100) + 4;
}
