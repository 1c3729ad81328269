import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';

const OUT = 'dist/built';

// Puts a .gz beside each file, so that the server has nothing to compress.
function gzip(): Plugin {
  return {
    name: 'gzip',
    apply: 'build',
    async closeBundle() {
      for (const entry of await readdir(OUT, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && /\.(js|css|ttf)$/.test(entry.name)) {
          await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
        }
      }
    },
  };
}

// Served below /graphiql/. Everything is a file of our own: no inline script, no worker from a data: address.
export default defineConfig({
  base: '/graphiql/',
  plugins: [react(), gzip()],
  worker: { format: 'es' },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    rolldownOptions: {
      // React's compiler left "use no memo" in GraphiQL's modules; it says nothing to a bundler.
      onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
    },
  },
});
