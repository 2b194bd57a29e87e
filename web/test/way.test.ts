/* The resident's router: addresses to pages, and back again. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, defineComponent, h, nextTick } from 'vue';
import { compile, createRouter, RouterLink, RouterView, useRoute, useRouter } from '../src/resident/way';

const page = (name: string) => defineComponent(() => () => h('main', [name, ' ', JSON.stringify(useRoute().params), h(RouterLink, { to: '/requests/7' }, () => 'link')]));
const text = () => document.querySelector('main')?.textContent ?? '';
const settle = async () => {
  for (let i = 0; i < 10; i += 1) await nextTick();
  await new Promise((done) => setTimeout(done, 5));
};

describe('patterns', () => {
  it.each([
    ['/', '/', {}],
    ['/join/:token', '/join/abc', { token: 'abc' }],
    ['/report/:screen?', '/report', { screen: undefined }],
    ['/report/:screen?', '/report/tell', { screen: 'tell' }],
    ['/requests/:id/:act(say|rate)', '/requests/1/rate', { id: '1', act: 'rate' }],
    ['/:rest(.*)', '/a/b', { rest: 'a/b' }],
  ])('%s finds %s', (path, address, want) => {
    const { pattern, names } = compile(path);
    const hit = pattern.exec(address);
    expect(Object.fromEntries(names.map((n, i) => [n, hit?.[i + 1]]))).toEqual(want);
    expect(hit).not.toBeNull();
  });
  it.each([
    ['/requests/:id', '/requests/1/2'],
    ['/requests/:id/:act(say|rate)', '/requests/1/burn'],
    ['/report/:screen?', '/reports'],
  ])('%s does not find %s', (path, address) => expect(compile(path).pattern.exec(address)).toBeNull());
});

describe('ways', () => {
  const hooks: string[] = [];
  beforeAll(async () => {
    const router = createRouter({
      routes: [
        { path: '/', component: page('home') },
        { path: '/requests/:id', component: async () => ({ default: page('request') }), meta: { back: '/' } },
        { path: '/:rest(.*)', component: page('lost') },
      ],
    });
    router.beforeResolve(async () => void hooks.push('words'));
    document.body.innerHTML = '<div id="app"></div>';
    createApp(defineComponent(() => () => h(RouterView))).use(router).mount('#app');
    await router.isReady();
    await settle();
  });

  it('begins where the address says, after the words are there', () => {
    expect(text()).toContain('home');
    expect(hooks).toEqual(['words']);
  });
  it('a link is an address and leads there without loading the page', async () => {
    const link = document.querySelector('a');
    expect(link?.getAttribute('href')).toBe('#/requests/7');
    link?.click();
    await settle();
    expect(text()).toContain('request {"id":"7"}');
    expect([window.location.hash, useRoute().path, window.history.state.back]).toEqual(['#/requests/7', '/requests/7', '/']);
    expect(useRoute().meta.back).toBe('/');
    expect(document.querySelector('a')?.getAttribute('aria-current')).toBe('page');
  });
  it('replacing leaves no way back to what was replaced; of two ways at once the later counts', async () => {
    const router = useRouter();
    const first = router.push('/requests/8');
    const second = router.replace('/nowhere');
    await Promise.all([first, second]);
    await settle();
    expect(text()).toContain('lost');
    expect(window.history.state.back).toBe('/');
  });
});
