/* eslint-disable vue/one-component-per-file, vue/require-prop-types -- two renderers of one idea */
/* The ways between the resident's pages: what this face uses of vue-router, in its words, in a tenth of its size.
 *
 * The first page has 50 KiB of scripts to spend and vue-router 4.6 takes ten of them (web.md section 7). In this face the
 * build puts this file in the place of 'vue-router' (vite.config.ts); the types stay those of vue-router, so that a page
 * which asks for more than stands here does not build. Hash addresses, pages fetched when they are opened, parameters, back
 * with the place on the page; no nested routes, no named routes, no queries. */
import { computed, defineComponent, h, nextTick, shallowReactive, shallowRef, type App, type Component } from 'vue';

type Loader = () => Promise<{ default: Component }>;
interface Page {
  path: string;
  component: Component | Loader;
  meta?: Record<string, unknown>;
}
type Target = string | { path: string; replace?: boolean };
interface Place {
  position: number;
  back: string | null;
}

const route = shallowReactive({
  path: '/',
  fullPath: '/',
  params: {} as Record<string, string>,
  meta: {} as Record<string, unknown>,
  matched: [] as Page[],
});
const shown = shallowRef<Component | null>(null);

let pages: { page: Page; pattern: RegExp; names: string[] }[] = [];
const beforeShow: (() => Promise<void>)[] = [];
const scrolled = new Map<number, number>();
let asked = 0;
let position = 0;
let setReady: () => void = () => undefined;
const ready = new Promise<void>((done) => (setReady = done));

/** "/requests/:id/:act(say|rate)", "/report/:screen?": the pattern and the names in it. */
export function compile(path: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = path.replace(/\/:(\w+)(?:\(([^)]*)\))?(\?)?/g, (_whole, name: string, of: string | undefined, may: string | undefined) => {
    names.push(name);
    return may ? `(?:/(${of ?? '[^/]+'}))?` : `/(${of ?? '[^/]+'})`;
  });
  return { pattern: new RegExp(`^${source}/?$`), names };
}

export function find(path: string): { page: Page; params: Record<string, string> } | undefined {
  for (const { page, pattern, names } of pages) {
    const hit = pattern.exec(path);
    if (hit) return { page, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(hit[i + 1] ?? '')])) };
  }
  return undefined;
}

const pathOf = (to: Target): string => (typeof to === 'string' ? to : to.path);
const here = (): string => window.location.hash.replace(/^#/, '').replace(/\?.*$/, '') || '/';

async function load(component: Page['component']): Promise<Component> {
  return typeof component === 'function' && !('setup' in component) ? (await (component as Loader)()).default : (component as Component);
}

/** False: another way was taken meanwhile. */
async function show(path: string, keep: () => void): Promise<boolean> {
  const mine = ++asked;
  const found = find(path);
  if (!found) return false;
  const component = await load(found.page.component);
  for (const fn of beforeShow) await fn();
  if (mine !== asked) return false;
  scrolled.set(position, window.scrollY);
  keep();
  Object.assign(route, { path, fullPath: path, params: found.params, meta: found.page.meta ?? {}, matched: [found.page] });
  shown.value = component;
  return true;
}

async function go(to: Target, isReplacing: boolean): Promise<void> {
  const path = pathOf(to);
  const replaces = isReplacing || (typeof to === 'object' && to.replace === true);
  if (path === route.path && shown.value) return;
  const before = route.path;
  const isThere = await show(path, () => {
    const known = window.history.state as Place | null;
    const state: Place = replaces ? { position, back: known?.back ?? null } : { position: position + 1, back: before };
    window.history[replaces ? 'replaceState' : 'pushState'](state, '', `#${path}`);
    position = state.position;
  });
  if (!isThere) return;
  await nextTick();
  if (!replaces || path !== before) window.scrollTo(0, 0);
}

/* the browser's own back and forward, and addresses typed or linked by hand */
async function follow(): Promise<void> {
  const path = here();
  if (path === route.path && shown.value) return;
  const state = window.history.state as Place | null;
  const next = state?.position ?? position + 1;
  const isThere = await show(path, () => {
    if (!state) window.history.replaceState({ position: next, back: route.path } satisfies Place, '');
    position = next;
  });
  if (!isThere) return;
  await nextTick();
  window.scrollTo(0, scrolled.get(next) ?? 0);
}

const router = {
  push: (to: Target) => go(to, false),
  replace: (to: Target) => go(to, true),
  back: () => window.history.back(),
  isReady: () => ready,
  beforeResolve: (fn: () => Promise<void>) => void beforeShow.push(fn),
  install(app: App) {
    app.component('RouterLink', RouterLink).component('RouterView', RouterView);
    window.history.scrollRestoration = 'manual';
    window.addEventListener('popstate', () => void follow());
    const state = window.history.state as Place | null;
    position = state?.position ?? 0;
    const path = here();
    void show(path, () => window.history.replaceState({ position, back: state?.back ?? null } satisfies Place, '', `#${path}`)).then(setReady);
  },
};

export function createRouter(options: { routes: Page[] }): typeof router {
  pages = options.routes.map((page) => ({ page, ...compile(page.path) }));
  return router;
}
export const createWebHashHistory = (): null => null;
export const useRoute = (): typeof route => route;
export const useRouter = (): typeof router => router;

export const RouterView = defineComponent(() => () => (shown.value ? h(shown.value) : null), { name: 'RouterView' });

export const RouterLink = defineComponent(
  (props: { to: Target }, { slots }) => {
    const path = computed(() => pathOf(props.to));
    const click = (event: MouseEvent) => {
      if (event.metaKey || event.altKey || event.ctrlKey || event.shiftKey || event.defaultPrevented || event.button !== 0) return;
      event.preventDefault();
      void go(props.to, false);
    };
    return () => h('a', { href: `#${path.value}`, 'aria-current': path.value === route.path ? 'page' : undefined, onClick: click }, slots.default?.());
  },
  { name: 'RouterLink', props: ['to'] },
);
