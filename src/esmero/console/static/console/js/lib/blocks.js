/** Acts on the blocks of a page that somebody writes on. Each goes through the browser's own undo. */

/** The block of `page` in which the caret stands, or null. */
export function blockAt(page, names) {
  const at = getSelection()?.anchorNode;
  const element = at?.nodeType === Node.ELEMENT_NODE ? at : at?.parentElement;
  const found = element?.closest(names);
  return found && page.contains(found) && found !== page ? found : null;
}

export function insert(html) {
  document.execCommand("insertHTML", false, html);
}

/** Put something in the place of an element, so that undo brings it back. */
export function replace(element, html) {
  const range = document.createRange();
  range.selectNode(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  if (html) insert(html);
  else document.execCommand("delete");
}

export function caretIn(element, atEnd = false) {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(!atEnd);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

const CELL = "<td><br></td>";

export function newTable(page, heads) {
  const row = `<tr>${CELL.repeat(heads.length)}</tr>`;
  insert(`<table><tbody><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr>${row}${row}</tbody></table><p><br></p>`);
}

/** Change the table around the caret: "row", "column", "no-row", "no-column", "no-table". */
export function changeTable(page, act) {
  const cell = blockAt(page, "td, th");
  const table = cell?.closest("table");
  if (!table) return;
  if (act === "no-table") {
    replace(table, "<p><br></p>");
    return;
  }
  const copy = table.cloneNode(true);
  const [row, column] = [cell.parentElement.rowIndex, cell.cellIndex];
  let [nextRow, nextColumn] = [row, column];
  if (act === "row") {
    const made = copy.insertRow(row + 1);
    for (let n = 0; n < table.rows[row].cells.length; n += 1) made.insertCell().append(document.createElement("br"));
    nextRow += 1;
  } else if (act === "no-row") {
    copy.deleteRow(row);
    nextRow = Math.max(0, row - 1);
  } else {
    for (const one of copy.rows) {
      if (act === "no-column") one.cells[column]?.remove();
      else {
        const made = document.createElement(one.cells[column]?.localName ?? "td");
        made.append(document.createElement("br"));
        one.insertBefore(made, one.cells[column + 1] ?? null);
      }
    }
    nextColumn = act === "column" ? column + 1 : Math.max(0, column - 1);
  }
  if (!copy.rows.length || !copy.rows[0].cells.length) {
    replace(table, "<p><br></p>");
    return;
  }
  const place = [...page.querySelectorAll("table")].indexOf(table);
  replace(table, copy.outerHTML);
  const target = page.querySelectorAll("table")[place]?.rows[nextRow]?.cells[nextColumn];
  if (target) caretIn(target, true);
}

/** Tab goes from cell to cell and makes a row after the last; says whether it was in a table. */
export function nextCell(page, isBack) {
  const cell = blockAt(page, "td, th");
  if (!cell) return false;
  const cells = [...cell.closest("table").querySelectorAll("td, th")];
  const place = cells.indexOf(cell) + (isBack ? -1 : 1);
  if (place < 0) return false;
  if (place < cells.length) caretIn(cells[place], true);
  else {
    changeTable(page, "row");
    const made = blockAt(page, "td, th");
    if (made) caretIn(made.parentElement.cells[0]);
  }
  return true;
}

/** Put the blocks at the caret into a box of a kind, change its kind, or take it away ("none"). */
export function callout(page, kind) {
  const box = blockAt(page, "aside");
  if (box) {
    if (kind === "none") replace(box, box.innerHTML || "<p><br></p>");
    else box.dataset.kind = kind;
    return;
  }
  if (kind === "none") return;
  const block = blockAt(page, "p, h2, h3, ul, ol, table, blockquote");
  const top = topmost(page, block);
  if (top) replace(top, `<aside data-kind="${kind}">${top.outerHTML}</aside><p><br></p>`);
  else insert(`<aside data-kind="${kind}"><p><br></p></aside><p><br></p>`);
  const boxes = page.querySelectorAll("aside");
  const made = boxes[boxes.length - 1];
  if (made && !blockAt(page, "aside")) caretIn(made.lastElementChild ?? made, true);
}

function topmost(page, block) {
  let at = block;
  while (at && at.parentElement !== page) at = at.parentElement;
  return at;
}

/** Enter on an empty last line of a box or a quote leads out of it. */
export function leaveBox(page) {
  const line = blockAt(page, "aside > p, blockquote > p");
  if (!line || line.textContent.trim() || line.querySelector("img") || line.nextElementSibling) return false;
  const box = line.parentElement;
  if (box.children.length < 2) return false;
  line.remove();
  const after = document.createElement("p");
  after.append(document.createElement("br"));
  box.after(after);
  caretIn(after);
  return true;
}
