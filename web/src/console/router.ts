/* Ways between the pages of the console: who may open which, and that the words of a page are there before it. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { wordsReady } from '../shared/i18n';
import { has, isSignedIn, isStaff } from '../shared/session';
import Login from './login/Login.vue';
import { menuPages, PAGES, SUBPAGES } from './pages';

/* each face has its own words for a route; what this one needs to know stands in PAGES */
const routes = [
  ...PAGES.map(({ name, path, component }) => ({ name, path, component })),
  ...SUBPAGES,
  { path: '/login', name: 'login', component: Login },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('./about/Lost.vue') },
] as RouteRecordRaw[];

export const router = createRouter({
  history: createWebHashHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** The first page of the menu that this person may open. */
export function homeName(): string {
  return menuPages()[0]?.name ?? 'about';
}

router.beforeEach((to) => {
  if (to.name === 'login') return isSignedIn.value && isStaff.value ? { name: homeName() } : true;
  if (!isSignedIn.value) return { name: 'login', query: to.path === '/' ? {} : { to: to.fullPath } };
  const cap = PAGES.find((page) => page.name === to.name)?.cap;
  if (cap && !has(cap)) return { name: homeName() };
  return true;
});
router.beforeResolve(async () => {
  await wordsReady();
});
