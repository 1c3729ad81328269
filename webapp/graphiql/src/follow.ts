import { type Answer, ACTING_FOR, type Request } from './ask';

/** One event of a stream. */
type StreamEvent = { id: string; name: string; data: string };

const COME_BACK = 2000; // milliseconds after a connection that broke off

/** Follows a subscription in the session of this browser until it is complete or let go. */
export function follow(
  request: Request,
  actingFor: string,
  headers: Record<string, string> = {},
): AsyncIterableIterator<Answer<unknown>> {
  const stop = new AbortController();
  const answers = listen(request, { ...(actingFor === '' ? {} : { [ACTING_FOR]: actingFor }), ...headers }, stop.signal);
  return {
    next: () => answers.next(),
    return: () => {
      stop.abort();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Asks again with the last event's id where the connection breaks off: nothing is missed, nothing comes twice. */
async function* listen(
  request: Request,
  headers: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<Answer<unknown>, void> {
  let last = '';
  while (!signal.aborted) {
    try {
      const response = await fetch('/graphql', {
        method: 'POST',
        credentials: 'same-origin',
        headers: {
          Accept: 'text/event-stream',
          'Content-Type': 'application/json',
          ...(last === '' ? {} : { 'Last-Event-ID': last }),
          ...headers,
        },
        body: JSON.stringify(request),
        signal,
      });
      if (!response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
        yield (await response.json()) as Answer<unknown>;
        return;
      }
      for await (const event of eventsOf(response.body)) {
        last = event.id || last;
        if (event.name === 'complete') {
          return;
        }
        if (event.name === 'next') {
          yield JSON.parse(event.data) as Answer<unknown>;
        }
      }
    } catch (error) {
      if (!signal.aborted && !(error instanceof TypeError)) {
        throw error; // fetch answers a TypeError where the network fails
      }
    }
    await new Promise((resolve) => setTimeout(resolve, COME_BACK));
  }
}

/** Splits a stream into its events. */
async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (text + value).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      yield readEvent(block);
    }
  }
}

function readEvent(block: string): StreamEvent {
  const event: StreamEvent = { id: '', name: '', data: '' };
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'id') {
      event.id = value;
    } else if (field === 'event') {
      event.name = value;
    } else if (field === 'data') {
      event.data += value;
    }
  }
  return event;
}
