// The plan as a spreadsheet: movement by keyboard, paste of blocks, undo, and what the server makes of a number before it is saved.
// Without this script the form works as it is: the server reads, checks and saves the same fields.

const form = document.getElementById('plan');
if (form?.querySelector('[data-save]')) begin(form);

function begin(form) {
  const table = form.querySelector('table.grid');
  const rows = [...table.tBodies[0].rows].map(row => [...row.querySelectorAll('input[data-was]')]).filter(row => row.length > 0);
  const cells = rows.flat();
  const at = new Map();
  rows.forEach((row, r) => row.forEach((cell, c) => at.set(cell, [r, c])));

  const state = form.querySelector('[data-state]');
  const hint = state.textContent;
  const save = form.querySelector('[data-save]');
  const undoButton = form.querySelector('[data-undo]');
  const about = document.querySelector('[data-about]');
  const aboutText = about.textContent;
  const committed = new Map(cells.map(cell => [cell, cell.value]));
  const edits = [];
  let leaving = false, asking = null, timer = 0, misfit = 0;

  const changed = () => cells.filter(cell => cell.value.trim() !== cell.dataset.was);

  function noteOf(cell) {
    const known = document.getElementById('n-' + cell.name);
    if (known) return known;
    const note = document.createElement('small');
    note.id = 'n-' + cell.name;
    note.className = 'say';
    cell.after(note);
    return note;
  }

  function say(cell, text, bad) {
    if (!text && !document.getElementById('n-' + cell.name)) return;
    const note = noteOf(cell);
    note.textContent = text ?? '';
    note.classList.toggle('bad', Boolean(bad));
    if (bad) {
      cell.setAttribute('aria-invalid', 'true');
      cell.setAttribute('aria-describedby', note.id);
    } else {
      cell.removeAttribute('aria-invalid');
      cell.removeAttribute('aria-describedby');
    }
  }

  function tell() {
    const open = changed();
    const bad = open.filter(cell => cell.getAttribute('aria-invalid') === 'true').length;
    for (const cell of cells) cell.closest('td').classList.toggle('edited', cell.value.trim() !== cell.dataset.was);
    const left = misfit > 0 ? ` ${misfit} pasted ${misfit === 1 ? 'value' : 'values'} did not fit into the table.` : '';
    state.textContent = open.length === 0 ? hint + left
      : `${open.length} ${open.length === 1 ? 'change' : 'changes'}, not saved yet` + (bad > 0 ? `; ${bad} cannot be read.` : '.') + left;
    form.classList.toggle('dirty', open.length > 0);
    save.disabled = open.length === 0 || bad > 0;
    undoButton.disabled = edits.length === 0;
  }

  // What was typed is asked about, not guessed: the server reads numbers, and here stands what it read.
  function ask() {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      for (const cell of cells) if (cell.value.trim() === cell.dataset.was) say(cell, '');
      tell();
      if (changed().length === 0) return;
      asking?.abort();
      asking = new AbortController();
      try {
        const body = fieldsOf(changed());
        body.set('act', 'check');
        const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, signal: asking.signal });
        if (!answer.ok) return;
        for (const { name, understood, fault } of await answer.json()) {
          const cell = form.elements[name];
          if (cell && cell.value.trim() !== cell.dataset.was) say(cell, fault ?? understood, fault !== null);
        }
        tell();
      } catch (failure) {
        if (failure.name !== 'AbortError') state.textContent += ' The server does not answer; nothing is lost.';
      }
    }, 250);
  }

  function fieldsOf(open) {
    const body = new FormData();
    for (const field of form.elements)
      if (field.name && !at.has(field) && field.type !== 'submit') body.append(field.name, field.value);
    for (const cell of open) body.append(cell.name, cell.value);
    return new URLSearchParams(body);
  }

  function put(edit, key) {
    for (const one of edit) {
      one.cell.value = one[key];
      committed.set(one.cell, one[key]);
    }
  }

  function record(edit) {
    if (edit.length > 0) edits.push(edit);
    ask();
    tell();
  }

  function commit(cell) {
    const before = committed.get(cell);
    if (before === cell.value) return;
    committed.set(cell, cell.value);
    misfit = 0;
    record([{ cell, before, after: cell.value }]);
  }

  function undo() {
    const edit = edits.pop();
    if (!edit) return;
    put(edit, 'before');
    edit[0].cell.focus();
    ask();
    tell();
  }

  function move(cell, down, right) {
    const [r, c] = at.get(cell);
    const next = rows[r + down]?.[c + right];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  }

  // An arrow leaves a cell where there is nothing more to move over in its text.
  const atStart = cell => cell.selectionStart === 0 && (cell.selectionEnd === 0 || cell.selectionEnd === cell.value.length);
  const atEnd = cell => cell.selectionEnd === cell.value.length && (cell.selectionStart === cell.value.length || cell.selectionStart === 0);

  table.addEventListener('keydown', event => {
    const cell = event.target;
    if (!at.has(cell) || event.altKey) return;
    const [r, c] = at.get(cell);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !event.shiftKey && committed.get(cell) === cell.value && edits.length > 0) {
      event.preventDefault();
      undo();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const moved = {
      ArrowDown: () => move(cell, 1, 0),
      ArrowUp: () => move(cell, -1, 0),
      Enter: () => { commit(cell); move(cell, event.shiftKey ? -1 : 1, 0); return true; },
      ArrowLeft: () => !event.shiftKey && atStart(cell) && c > 0 && move(cell, 0, -1),
      ArrowRight: () => !event.shiftKey && atEnd(cell) && move(cell, 0, 1),
      Escape: () => { cell.value = committed.get(cell); cell.select(); return true; },
    }[event.key];
    if (moved?.()) event.preventDefault();
  });

  table.addEventListener('change', event => { if (at.has(event.target)) commit(event.target); });

  table.addEventListener('focusin', event => {
    const cell = event.target;
    if (!at.has(cell)) return;
    const row = cell.closest('tr').dataset;
    const page = new URLSearchParams({ metric: row.metric, version: form.dataset.version, grain: form.dataset.grain, period: cell.dataset.period });
    if (row.segment) page.set('segment', row.segment);
    const link = document.createElement('a');
    link.href = '/targets/set?' + page;
    link.textContent = 'History of this target';
    about.replaceChildren(`${row.name}, ${cell.dataset.period}: ${cell.title || 'no target'}. `, link);
  });

  table.addEventListener('focusout', event => {
    if (event.relatedTarget === null) return;
    if (!about.contains(event.relatedTarget) && !at.has(event.relatedTarget)) about.textContent = aboutText;
  });

  table.addEventListener('paste', event => {
    const cell = event.target;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!at.has(cell) || !/[\t\n\r]/.test(text.trimEnd())) return;
    event.preventDefault();
    const [top, left] = at.get(cell);
    const edit = [];
    misfit = 0;
    text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').forEach((line, r) => line.split('\t').forEach((value, c) => {
      const target = rows[top + r]?.[left + c];
      const after = value.trim();
      if (!target) misfit += after ? 1 : 0;
      else if (target.value !== after) edit.push({ cell: target, before: target.value, after });
    }));
    put(edit, 'after');
    record(edit);
  });

  undoButton.hidden = false;
  undoButton.addEventListener('click', undo);

  form.querySelector('[data-discard]').addEventListener('click', event => {
    event.preventDefault();
    const edit = changed().map(cell => ({ cell, before: cell.value, after: cell.dataset.was }));
    put(edit, 'after');
    misfit = 0;
    record(edit);
  });

  // Only what was changed is sent.
  form.addEventListener('submit', () => {
    leaving = true;
    for (const cell of cells) if (cell.value.trim() === cell.dataset.was) cell.disabled = true;
  });

  addEventListener('beforeunload', event => { if (!leaving && changed().length > 0) event.preventDefault(); });

  // Back from another page the browser shows the form as it was sent.
  addEventListener('pageshow', () => { leaving = false; for (const cell of cells) cell.disabled = false; tell(); });

  // A year of weeks begins far to the left of today.
  const running = table.tHead.querySelector('.running');
  const region = table.closest('.scroll');
  if (running && running.offsetLeft + running.offsetWidth > region.clientWidth) region.scrollLeft = running.offsetLeft - region.clientWidth / 2;

  tell();
  if (changed().length > 0) ask();
}
