// Scenario 2: a unit leader pastes 40 chat lines: 6 requests are proposed, 4 confirmed, 2 merged; each has a reply to paste back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from './harness.mjs';

const TRIAGE_MS = 120_000;
const LINES = `1-1-101王阿姨: 大家早上好
1-1-201小陈: 早
1-1-301老何: 早啊，今天降温了
社区小林: 【通知】今天上午10点起按楼栋发蔬菜包，请大家在家等候
1-1-101王阿姨: 收到
1-1-201小陈: 收到[强]
1-1-301老何: 1
1-1-101王阿姨: 我的降压药吃完了，腿脚不好，能帮忙配一下吗
志愿者小高: 王阿姨，您的药名发我一下
1-1-101王阿姨: 氨氯地平
志愿者小高: 好的
1-1-201小陈: 电梯又停了，卡在三楼
1-1-301老何: 是啊，走楼梯上来的
1-1-301老何: 锻炼身体哈哈
1-1-201小陈: [图片]
物业阿兵: 在联系维保
1-1-201小陈: 谢谢
1-1-301老何: 我家的快递显示签收了，可门口没有
1-1-101王阿姨: 是不是放在岗亭了
1-1-301老何: 我去看看
1-1-301老何: 岗亭没有
"1-1-201小陈"撤回了一条消息
1-1-201小陈: 菜发到几楼了
楼长: 五楼
1-1-101王阿姨: 收到菜了，谢谢
1-1-201小陈: 收到，很新鲜
1-1-301老何: 楼上半夜拖椅子，吵得一夜没睡
1-1-201小陈: 不是我家
1-1-301老何: 没说你家
1-1-101王阿姨: 和气和气
社区小林: @1-1-301老何 网格员晚上去了解一下
1-1-301老何: 好的
1-1-101王阿姨: 今晚的新闻大家看了吗
社区小林: 看了
1-1-201小陈: 1-1-201 断水了，一滴都没有
物业阿兵: 这栋在换水表，下午恢复
1-1-201小陈: 好吧
1-1-101王阿姨: 门口垃圾三天没人收了，臭
1-1-201小陈: 保洁请假了
1-1-101王阿姨: 晚安大家`;

export function scenario2() {
  test('scenario 2: 40 chat lines, 6 proposed, 4 confirmed, 2 merged, and pasted again nothing is new', async () => {
    const world = new World();
    await world.start();
    try {
      const leader = await world.staff('leader');
      // what the board holds already: the lift, reported by a neighbour, and the medicine, by the household itself
      const lift = await (await world.resident(1, 3)).report({ category: 'REPR', text: '电梯停在三楼不动' });
      const pills = await (await world.resident(1, 1)).report({ category: 'MED2', text: '降压药没有了' });
      const started = Date.now();
      assert.equal(LINES.split('\n').length, 40);
      const answer = await leader.post('/api/v1/pastes', { text: LINES });
      assert.equal(answer.status, 200, answer.text);
      const { items, lines } = answer.json;
      assert.equal(lines, 40);
      assert.deepEqual(items.map((i) => [i.line, i.door.choices[0]?.code, i.category]), [
        [8, '1-1-101', 'MED2'], [12, '1-1-201', 'REPR'], [18, '1-1-301', 'DELV'], [27, '1-1-301', 'DISP'], [35, '1-1-201', 'REPR'], [38, '1-1-101', 'WAST'],
      ]);
      const known = items.map((i) => i.known && [i.known.id, i.known.likeness]);
      assert.deepEqual(known, [[pills.id, 'own'], [lift.id, 'neighbour'], null, null, null, null]);

      const replies = [];
      const confirm = async (item) => {
        const made = await leader.post('/api/v1/requests', { category: item.category, text: item.text, door_id: item.door.choices[0].id, urgent: item.urgent, channel: 'paste' }, { 'idempotency-key': item.key });
        assert.equal(made.status, 201, made.text);
        return made.json;
      };
      for (const item of items) {
        const r = await confirm(item);
        if (!item.known) {
          replies.push(`${item.door.choices[0].code} 已登记 ${r.number}`);
          continue;
        }
        const merged = await leader.mustAct(r, 'merge', { into_request_id: item.known.id });
        assert.deepEqual([merged.state, merged.merged_into], ['merged', item.known.id]);
        replies.push(`${item.door.choices[0].code} 已并入 ${item.known.number}`);
      }
      assert.ok(Date.now() - started < TRIAGE_MS);
      assert.equal(replies.filter((r) => /^1-1-\d01 已登记 \d{4}-\d{3}$/.test(r)).length, 4);
      assert.equal(replies.filter((r) => /^1-1-\d01 已并入 \d{4}-\d{3}$/.test(r)).length, 2);
      const board = (await leader.get('/api/v1/requests?view=board&limit=500')).json.items;
      assert.equal(board.length, 6, 'four new ones beside the two there were');

      const again = (await leader.post('/api/v1/pastes', { text: LINES })).json.items;
      assert.deepEqual(again.map((i) => i.known.likeness), Array(6).fill('registered'));
      for (const item of again) await confirm(item);
      assert.equal((await leader.get('/api/v1/requests?view=board&limit=500')).json.items.length, 6, 'confirming all again makes nothing new');
    } finally {
      world.child.kill('SIGKILL');
      await world.ended;
      world.remove();
    }
  });
}
