/* Pages of the resident face. Hash mode: one file is served, and WeChat's back button walks the pages. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { wordsReady } from '../shared/i18n';
import Home from './pages/Home.vue';
import type { Key } from './text';

declare module 'vue-router' {
  interface RouteMeta {
    title: Key;
    /** Also for people who are not signed in. */
    open?: boolean;
    /** Where "back" leads when there is no page before; none: no back button. */
    back?: string;
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', component: Home, meta: { title: 'home.title' } },
  { path: '/welcome', component: () => import('./pages/Welcome.vue'), meta: { title: 'welcome.title', open: true } },
  { path: '/join/:token', component: () => import('./pages/Join.vue'), meta: { title: 'join.title', open: true } },
  { path: '/door/:token', component: () => import('./pages/DoorReport.vue'), meta: { title: 'doorTitle', open: true } },
  { path: '/track/:token', component: () => import('./pages/Track.vue'), meta: { title: 'progress.title', open: true } },
  { path: '/report/:screen?', component: () => import('./pages/Report.vue'), meta: { title: 'report.title', back: '/' } },
  { path: '/receipt/:key', component: () => import('./pages/Receipt.vue'), meta: { title: 'receipt.title', back: '/' } },
  { path: '/requests', component: () => import('./pages/Requests.vue'), meta: { title: 'requests.title' } },
  { path: '/requests/:id', component: () => import('./pages/Progress.vue'), meta: { title: 'progress.title', back: '/requests' } },
  { path: '/requests/:id/:act(confirm|reopen|say|withdraw|rate)/:rating?', component: () => import('./pages/Act.vue'), meta: { title: 'progress.title', back: '/requests' } },
  { path: '/notices', component: () => import('./pages/Notices.vue'), meta: { title: 'home.notices', back: '/' } },
  { path: '/notices/:id', component: () => import('./pages/Notice.vue'), meta: { title: 'home.notices', back: '/notices' } },
  { path: '/n/:community/:code', component: () => import('./pages/NoticeCheck.vue'), meta: { title: 'home.noticeCheck', open: true, back: '/' } },
  { path: '/sign-ups', component: () => import('./pages/SignUps.vue'), meta: { title: 'home.signUps', back: '/' } },
  { path: '/unsent', component: () => import('./pages/Unsent.vue'), meta: { title: 'unsentTitle', back: '/' } },
  { path: '/contacts', component: () => import('./pages/Contacts.vue'), meta: { title: 'contacts.title', open: true, back: '/' } },
  { path: '/household', component: () => import('./pages/Household.vue'), meta: { title: 'me.household', back: '/me' } },
  { path: '/me', component: () => import('./pages/Me.vue'), meta: { title: 'me.title' } },
  { path: '/:rest(.*)', component: () => import('./pages/Lost.vue'), meta: { title: 'lost.title', open: true, back: '/' } },
];

export const router = createRouter({
  history: createWebHashHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0, left: 0 },
});

/* a page with words of its own is shown with them */
router.beforeResolve(async () => {
  await wordsReady();
});
