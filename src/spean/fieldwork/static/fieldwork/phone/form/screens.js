/** What is shown at once: a form as a list of screens, in the order in which they are asked. */

const CONTROLS = new Set(['input', 'select', 'note', 'trigger', 'upload']);

const isRelevant = (node) => node.currentState.relevant;
const isRepeat = (node) => node.nodeType.startsWith('repeat-range');
const isFieldList = (node) => Boolean(node.appearances?.['field-list']);

/** Gives the relevant screens under a node: `{node, kind: 'controls'|'repeat', controls, above}`. */
export function screensOf(root, above = '') {
  const found = [];
  for (const node of root.currentState.children ?? []) {
    if (!isRelevant(node)) continue;
    if (CONTROLS.has(node.nodeType)) found.push({ node, kind: 'controls', above, controls: [node] });
    else if (isRepeat(node)) found.push({ node, kind: 'repeat', above, controls: [] });
    else if (node.nodeType === 'group' && isFieldList(node)) {
      const controls = controlsOf(node);
      if (controls.length) found.push({ node, kind: 'controls', above: labelOf(node) || above, controls });
    } else if (node.nodeType === 'group') found.push(...screensOf(node, labelOf(node) || above));
  }
  return found;
}

/** Gives the relevant questions under a node, however deep. */
export function controlsOf(node) {
  return (node.currentState.children ?? []).filter(isRelevant).flatMap((child) => {
    if (CONTROLS.has(child.nodeType)) return [child];
    return isRepeat(child) ? [] : controlsOf(child);
  });
}

/** Gives the people (or things) of a repeat. */
export const instancesOf = (range) => range.currentState.children ?? [];

/** Gives every node under a node, itself first. */
export function* everyNode(node) {
  yield node;
  for (const child of node.currentState.children ?? []) yield* everyNode(child);
}

/** Gives a node's label as text, "" where it has none. */
export const labelOf = (node) => node.currentState.label?.asString ?? '';

/** Gives what stands in the way of an answer, null where nothing does. */
export const violationOf = (node) => node.validationState?.violation ?? null;

/** Gives the nodes under a node whose answers are missing or wrong. */
export const wrongUnder = (node) =>
  [...everyNode(node)].filter(
    (one) => CONTROLS.has(one.nodeType) && isRelevantHere(one) && violationOf(one) !== null,
  );

const isRelevantHere = (node) => {
  for (let at = node; at; at = at.parent) if (at.currentState && !at.currentState.relevant) return false;
  return true;
};

/** Says an answer in words, "" where there is none. */
export function answerOf(node) {
  const state = node.currentState;
  if (node.nodeType === 'select') {
    const chosen = new Set(state.value);
    return state.valueOptions.filter((o) => chosen.has(o.value)).map((o) => o.label.asString).join(', ');
  }
  if (node.nodeType === 'trigger') return state.value ? '✓' : '';
  if (node.nodeType === 'upload') return state.value ? '📷' : '';
  if (node.nodeType === 'note') return '';
  return state.instanceValue ?? '';
}
