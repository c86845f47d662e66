// Promise, protection, the test that caught its removal, and seconds.
import Table from 'cli-table3';

/** Prints one row for each protection and a line with the figures. */
export function printTable(results) {
  const table = new Table({
    head: ['promise', 'protection taken away', 'test that caught it', 's'],
    colWidths: [9, 62, 72, 6],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { protection, caughtBy, problem, seconds } of results) {
    const where = `${protection.what} (${protection.file})`;
    table.push([protection.promise, where, caughtBy ?? `NOT CAUGHT: ${problem}`, seconds.toFixed(1)]);
  }
  console.log(table.toString());
  const caught = results.filter(({ problem }) => problem === null).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  console.log(`${caught} of ${results.length} removals caught, ${Math.round(seconds)} s.`);
}
