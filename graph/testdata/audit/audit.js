// Runs every audit of the graphql-http suite against the server at the address that is its argument, prints each
// that does not hold, and ends with code 1 if there is one. The last line says how many held of how many.
import { serverAudits } from 'graphql-http';

const [url] = process.argv.slice(2);
if (!url) {
  console.error('usage: node audit.js URL');
  process.exit(2);
}

const audits = serverAudits({ url });
let held = 0;
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === 'ok') {
    held++;
    continue;
  }
  console.log(`${audit.id} ${audit.name}: ${result.reason} (${result.response?.status ?? 'no answer'})`);
}
console.log(`${held} of ${audits.length} audits hold`);
process.exit(held === audits.length ? 0 : 1);
