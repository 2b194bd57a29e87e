/* A category proposed from the words of a report. Only a proposal: the person at the phone decides.
 * Order matters: what may cost a life is looked for first. */
import type { Category } from '../types';

const WORDS: readonly [Category, RegExp][] = [
  ['MED1', /救命|昏迷|晕倒|胸痛|大出血|抽搐|呼吸困难|窒息|着火|起火|煤气泄漏|燃气泄漏|困在电梯|被困|自杀|不想活|跳楼|unconscious|chest pain|trapped|suicide/i],
  ['MED2', /药|透析|化疗|胰岛素|医院|看病|产检|临产|复诊|血压|medicine|dialysis|hospital/i],
  ['DELV', /快递|包裹|外卖|送错|没送到|parcel|delivery/i],
  ['FOOD', /菜|米|粮|奶粉|饮用水|桶装水|吃的|断奶|food|milk/i],
  ['REPR', /漏水|停水|停电|跳闸|煤气|燃气|电梯|水管|堵|路灯|维修|坏了|leak|power|lift|elevator/i],
  ['WAST', /垃圾|消毒|消杀|臭|rubbish|garbage/i],
  ['TEST', /核酸|检测|采样|test result/i],
  ['PASS', /出门|通行证|出入|返岗|复工|pass|permit/i],
  ['DISP', /吵|噪音|装修|邻居|占道|纠纷|noise|neighbour/i],
  ['PSYC', /睡不着|难受|害怕|孤单|焦虑|想哭|anxious|lonely/i],
  ['SHOP', /缺斤|涨价|价格|退款|质量|price|refund/i],
  ['CARE', /老人|独居|轮椅|孩子|没人照看|elderly|child/i],
  ['INFO', /政策|几时|什么时候|解封|怎么办理|证明|when|policy/i],
  ['IDEA', /建议|我可以帮|愿意|志愿|suggest|volunteer/i],
];

export function suggestCategory(text: string): Category | null {
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? null;
}
