// Follows a specification with a client that is not ours and prints what each event tells, a line each, until it was told
// so many: `node follow.js graphql-sse|EventSource URL SPECIFICATION COUNT`. The first line is "open".
//
// graphql-sse is the protocol's own client. EventSource is the platform's: it comes back by itself, with Last-Event-ID.
import { createClient } from 'graphql-sse';

const [by, url, specification, count] = process.argv.slice(2);
const query = `subscription ($id: ID!) {
  specificationEvents(specification: $id) { ... on StepTaken { object { ... on Comment { body } } } }
}`;
const variables = { id: specification };
let told = 0;

function tell(result) {
  console.log(result.errors ? JSON.stringify(result.errors) : result.data.specificationEvents.object.body);
  told++;
  if (told === Number(count)) {
    process.exit(0);
  }
}

if (by === 'graphql-sse') {
  const client = createClient({ url, on: { connected: () => console.log('open') } });
  client.subscribe({ query, variables }, { next: tell, error: fail, complete: () => fail('complete') });
} else {
  const address = new URL(url);
  address.searchParams.set('query', query);
  address.searchParams.set('variables', JSON.stringify(variables));
  const source = new EventSource(address);
  source.addEventListener('open', () => console.log('open'));
  source.addEventListener('next', (event) => tell(JSON.parse(event.data)));
  setInterval(() => source.readyState === EventSource.CLOSED && fail('closed'), 500); // it alone would not keep Node awake
}

function fail(why) {
  console.log(`ended: ${JSON.stringify(why?.message ?? why)}`);
  process.exit(1);
}
