/* Two pages from one code base: `/` for residents, `/console/` for staff, built one after the other (--mode). Built
 * together, what only the console uses of Vue would sit in the shared chunk that residents load first: 7 KiB gz.
 *
 * The server serves build/web from memory: everything under /assets/ carries a hash in its name and is cached for a year,
 * pages and sw.js are asked for again. The service worker is not bundled; it gets the list of files the resident face
 * consists of, so that the whole face works offline after the first visit. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TARGETS = ['chrome79', 'safari13'];

/* What of a face opens without network: of the resident's everything, of the console what is needed in the field; its
 * other pages are kept once they have been opened. */
const FACES = {
  resident: { page: '/', html: 'web/index.html', worker: 'sw.js', keeps: () => true },
  console: {
    page: '/console/',
    html: 'web/console/index.html',
    worker: 'console/sw.js',
    keeps: (module: string) => /\/(src\/shared|src\/i18n|console\/(board|request|today|calls|print|unsent|report)|node_modules\/idb)\//.test(module),
  },
};

/** Writes the worker of a face: src/worker/sw.js with the files of the face filled in. */
function serviceWorker(face: keyof typeof FACES): Plugin {
  const { page, html, worker, keeps } = FACES[face];
  return {
    name: 'danyuan-service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = new Set<string>();
      const add = (name: string) => {
        const chunk = bundle[name];
        if (!chunk || chunk.type !== 'chunk' || files.has(name)) return;
        files.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css));
        chunk.imports.forEach(add);
        for (const dynamic of chunk.dynamicImports) {
          const next = bundle[dynamic];
          if (next?.type === 'chunk' && keeps(next.facadeModuleId ?? next.moduleIds[0] ?? '')) add(dynamic);
        }
      };
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.facadeModuleId?.endsWith(html)) add(name);
      }
      if (files.size === 0) this.error(`the face ${face} has no entry chunk`);
      const shell = [page, '/favicon.svg', ...[...files].sort().map((f) => `/${f}`)];
      const source = readFileSync(here('src/worker/sw.js'), 'utf8');
      /* a change of any file gets a new hashed name, so the list is the version */
      const version = createHash('sha256').update(JSON.stringify(shell) + source).digest('hex').slice(0, 12);
      this.emitFile({
        type: 'asset',
        fileName: worker,
        source: source
          .replace(/^\/\*[\s\S]*?\*\/\n/, '')
          .replace('[/* SHELL */]', JSON.stringify(shell))
          .replace('@PAGE@', page)
          .replace('@FACE@', face)
          .replace('@VERSION@', version),
      });
    },
  };
}

export default defineConfig(({ mode }) => ({
  plugins: [vue(), ...(mode === 'resident' || mode === 'console' ? [serviceWorker(mode)] : [])],
  publicDir: mode === 'console' ? false : 'public',
  /* the resident's own small router, src/resident/way.ts */
  ...(mode === 'resident' ? { resolve: { alias: { 'vue-router': here('src/resident/way.ts') } } } : {}),
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    outDir: '../build/web',
    emptyOutDir: mode === 'resident',
    assetsDir: `assets/${mode}`,
    target: TARGETS,
    cssTarget: TARGETS,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { input: here(mode === 'console' ? 'console/index.html' : 'index.html') },
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8080', '/q': 'http://127.0.0.1:8080' },
  },
  test: { environment: 'happy-dom', environmentOptions: { happyDOM: { url: 'http://localhost/' } }, include: ['test/**/*.test.ts'] },
}) as UserConfig);
