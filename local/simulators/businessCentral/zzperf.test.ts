import { expect, it } from 'vitest';
import { startService, send } from '/work/main/local/simulators/businessCentral/testSupport.ts';
it('perf', async () => {
  const s = await startService({ data: null });
  let t = Date.now();
  for (let i = 0; i < 200000; i++) { s.simulator.create('items', { displayName: 'Item ' + i }); if (i % 10 === 0) await s.simulator.clock.advance(1); }
  console.log('create 200k', Date.now() - t); t = Date.now();
  let url: string|undefined = `${s.simulator.url}/api/v2.0/companies(${s.simulator.companyId})/items?$orderby=lastModifiedDateTime&$filter=lastModifiedDateTime ge 2026-02-01T08:00:01Z&$select=id,number,displayName,lastModifiedDateTime`;
  let n = 0; while (url) { const a = await send(url, 'GET', undefined, { Prefer: 'odata.maxpagesize=5000' }); n += a.body.value.length; url = a.body['@odata.nextLink']; }
  console.log('read', n, Date.now() - t); t = Date.now();
  const ids = s.simulator.records('items').slice(0, 100).map(x => x.id);
  console.log('records', Date.now() - t); t = Date.now();
  for (let k = 0; k < 50; k++) await s.list('items?$filter=' + ids.map(i => `id eq ${i}`).join(' or '));
  console.log('50x100 ids', Date.now() - t); t = Date.now();
  for (let k = 0; k < 50; k++) await s.list(`items?$filter=number eq '8${String(k).padStart(4,'0')}'`);
  console.log('50 number', Date.now() - t); t = Date.now();
  for (let k = 0; k < 200; k++) { s.simulator.edit('items', String(ids[k%100]), { displayName: 'x' + k }); await s.list(`items?$filter=lastModifiedDateTime gt 2026-02-01T08:00:19.9Z&$orderby=lastModifiedDateTime&$top=5`); }
  console.log('200 edit+read', Date.now() - t, process.memoryUsage().rss >> 20); t = Date.now();
  for (let i = 0; i < 20; i++) { const reqs = Array.from({length:100},(_,k)=>({id:''+k,method:'POST',url:`companies(${s.simulator.companyId})/customers`,headers:{'Content-Type':'application/json'},body:{displayName:'C'+i+'-'+k,addressLine1:'x',city:'y',country:'GB'}})); const a = await s.call('POST','v2.0/$batch',{requests:reqs},{Accept:'application/json'}); expect(a.body.responses.length).toBe(100); }
  console.log('2000 customers by batch', Date.now() - t);
  await s.simulator.close();
}, 300000);
